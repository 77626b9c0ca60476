package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class DocumentSimulationIT {

    @TempDir Path results;

    private int documents(FakeRegistry registry) {
        return run(registry).run();
    }

    private SimulationRun run(FakeRegistry registry) {
        return new SimulationRun(DocumentSimulation.class, results)
                .with("registry", registry.url())
                .with("rate", 50)
                .with("warm-up", 0)
                .with("duration", 1)
                .with("max-lookups", 2);
    }

    @Test
    void passesWhenEveryDocumentIsRight() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(8)) {
            assertThat(documents(registry)).isEqualTo(SimulationRun.PASSED);
            assertThat(registry.tokens()).isEmpty();
        }
    }

    @Test
    void asksWithTokensToo() throws Exception {
        Path tokens = Files.writeString(results.resolve("tokens"), "mnt_a\nmnt_b\n");
        try (FakeRegistry registry = new FakeRegistry(8)) {
            assertThat(run(registry).with("token-file", tokens).run())
                    .isEqualTo(SimulationRun.PASSED);
            assertThat(registry.tokens()).containsExactlyInAnyOrder("Bearer mnt_a", "Bearer mnt_b");
        }
    }

    @Test
    void failsWhenADocumentIsThatOfAnotherRelease() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(8, FakeRegistry.Fault.OTHER_RELEASE)) {
            assertThat(documents(registry)).isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }
}
