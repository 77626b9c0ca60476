package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class HostStartSimulationIT {

    @TempDir Path results;

    private int start(FakeRegistry registry) {
        return new SimulationRun(HostStartSimulation.class, results)
                .with("edge", registry.url())
                .with("plugins", 7)
                .with("hosts", 2)
                .with("starts", 2)
                .with("parallel", 3)
                .run();
    }

    @Test
    void everyHostGetsEveryArtifactOfItsPlan() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(7)) {
            assertThat(start(registry)).isEqualTo(SimulationRun.PASSED);

            assertThat(registry.requests()).isGreaterThanOrEqualTo(2 * 2 * (1 + 7));
        }
    }

    @Test
    void failsWhenAnArtifactIsNotThere() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(7, FakeRegistry.Fault.OTHER_DIGEST)) {
            assertThat(start(registry)).isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }
}
