package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class VisibilitySimulationIT {

    @TempDir Path folder;

    private int publishes(FakeRegistry registry, FakeRegistry second) throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens"), "mnt_a");
        return new SimulationRun(VisibilitySimulation.class, folder)
                .with("registry", registry.url())
                .with("second", second.url())
                .with("edge", registry.url())
                .with("token-file", tokens)
                .with("rate", 16)
                .with("deadline", 1)
                .with("duration", 1)
                .run();
    }

    @Test
    void passesWhenEveryReleaseIsVisible() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(publishes(registry, registry)).isEqualTo(SimulationRun.PASSED);
        }
    }

    @Test
    void failsWhenTheSecondServerNeverShowsThem() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(0);
                FakeRegistry second = new FakeRegistry(0)) {
            assertThat(publishes(registry, second)).isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }

    @Test
    void failsWhenAnAnswerIsOlderThanTheSerialAskedFor() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(0, FakeRegistry.Fault.OLD_SERIAL)) {
            assertThat(publishes(registry, registry)).isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }
}
