package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class ConnectedSimulationIT {

    @TempDir Path results;

    private int connect(FakeEdge edge) {
        return new SimulationRun(ConnectedSimulation.class, results)
                .with("edge", edge.url())
                .with("users", 20)
                .with("rate", 40)
                .with("ramp", 1)
                .with("duration", 1)
                .with("hash-percent", 60)
                .run();
    }

    @Test
    void everyUserAsksOnAConnectionOfItsOwn() throws Exception {
        try (FakeEdge edge = new FakeEdge(3)) {
            assertThat(connect(edge)).isEqualTo(SimulationRun.PASSED);

            assertThat(edge.clients()).hasSize(20);
            assertThat(edge.served()).isGreaterThanOrEqualTo(20);
        }
    }

    @Test
    void failsWhenTheBytesOfAnAnswerDiffer() throws Exception {
        try (FakeEdge edge = new FakeEdge(3)) {
            edge.corrupt();

            assertThat(connect(edge)).isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }
}
