package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class SessionSimulationIT {

    @TempDir Path folder;

    private int sessions(FakeRegistry registry) throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens"), "mnt_a");
        return new SimulationRun(SessionSimulation.class, folder)
                .with("registry", registry.url())
                .with("token-file", tokens)
                .with("run", "r")
                .with("sessions", 8)
                .with("ramp", 1)
                .with("duration", 1)
                .with("pause", 50)
                .with("account-percent", 50)
                .with("publish-percent", 30)
                .run();
    }

    @Test
    void passesWhenEverySessionSeesWhatItPublished() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(sessions(registry)).isEqualTo(SimulationRun.PASSED);
            assertThat(registry.plugins()).hasSize(8).contains("load-r-0/session-00007");
            assertThat(registry.authenticated("/api/v1/account")).isPositive();
            assertThat(registry.authenticated("/api/v1/account/tokens"))
                    .isEqualTo(registry.authenticated("/api/v1/account"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OLD_VERSION", "REFUSES", "NO_TOKENS"})
    void failsWhenOneDoesNot(FakeRegistry.Fault fault) throws Exception {
        try (FakeRegistry registry = new FakeRegistry(0, fault)) {
            assertThat(sessions(registry)).isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }
}
