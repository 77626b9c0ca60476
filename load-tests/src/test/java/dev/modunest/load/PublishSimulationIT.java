package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

class PublishSimulationIT {

    @TempDir Path folder;

    private SimulationRun publishes(FakeRegistry registry) throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens"), "mnt_a\nmnt_b\n");
        return new SimulationRun(PublishSimulation.class, folder)
                .with("registry", registry.url())
                .with("token-file", tokens)
                .with("clients", 3)
                .with("pace", 10)
                .with("size", 2048)
                .with("run", "r")
                .with("duration", 1);
    }

    @Test
    void passesWhenEveryPublishIsLive() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(publishes(registry).run()).isEqualTo(SimulationRun.PASSED);

            assertThat(registry.tokens()).containsExactlyInAnyOrder("Bearer mnt_a", "Bearer mnt_b");
            assertThat(registry.plugins())
                    .contains(
                            "load-r-0/client-000-000000",
                            "load-r-1/client-001-000000",
                            "load-r-0/client-002-000000");
        }
    }

    @Test
    void signsEveryPluginWhenTold() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(publishes(registry).with("signed", true).run())
                    .isEqualTo(SimulationRun.PASSED);

            assertThat(registry.signed()).isEqualTo(Set.copyOf(registry.plugins()));
        }
    }

    @Test
    void stopsBeforeTheLoadWhenNoKeyIsCertified() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(0, FakeRegistry.Fault.REFUSES)) {
            SimulationRun run = publishes(registry).with("signed", true);

            assertThatThrownBy(run::run).hasStackTraceContaining("certificates_by_api_token");
            assertThat(registry.plugins()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OTHER_DIGEST", "RATE_LIMITED"})
    void failsWhenAPublishIsNot(FakeRegistry.Fault fault) throws Exception {
        try (FakeRegistry registry = new FakeRegistry(0, fault)) {
            assertThat(publishes(registry).run()).isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }

    @Test
    void failsWhenTheRateIsTooLow() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(0)) {
            assertThat(publishes(registry).with("min-rate", 10_000).run())
                    .isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }
}
