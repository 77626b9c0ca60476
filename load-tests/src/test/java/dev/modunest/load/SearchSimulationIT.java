package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;

class SearchSimulationIT {

    @TempDir Path results;

    private SimulationRun searches(FakeRegistry registry) {
        return new SimulationRun(SearchSimulation.class, results)
                .with("registry", registry.url())
                .with("rate", 100)
                .with("warm-up", 1)
                .with("duration", 1);
    }

    @Test
    void passesWhenEveryPageIsRight() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(8)) {
            assertThat(searches(registry).run()).isEqualTo(SimulationRun.PASSED);
            assertThat(registry.requests()).isGreaterThan(110);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FINDS_EVERYTHING", "FIRST_PAGE_AGAIN"})
    void failsWhenAPageIsWrong(FakeRegistry.Fault fault) throws Exception {
        try (FakeRegistry registry = new FakeRegistry(8, fault)) {
            assertThat(searches(registry).run()).isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }

    @Test
    void saysThatThereIsNothingToFind() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(0)) {
            SimulationRun searches = searches(registry);

            assertThatThrownBy(searches::run)
                    .hasStackTraceContaining(
                            registry.url()
                                    + " has no plugins; publish some first (./modunest publish)");
        }
    }
}
