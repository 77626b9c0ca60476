package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class DocumentSimulationIT {

    @TempDir Path results;

    private int documents(FakeRegistry registry) {
        return new SimulationRun(DocumentSimulation.class, results)
                .with("registry", registry.url())
                .with("rate", 50)
                .with("warm-up", 0)
                .with("duration", 1)
                .with("max-lookups", 2)
                .run();
    }

    @Test
    void passesWhenEveryDocumentIsRight() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(8)) {
            assertThat(documents(registry)).isEqualTo(SimulationRun.PASSED);
        }
    }

    @Test
    void failsWhenADocumentIsThatOfAnotherRelease() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(8, FakeRegistry.Fault.OTHER_RELEASE)) {
            assertThat(documents(registry)).isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }
}
