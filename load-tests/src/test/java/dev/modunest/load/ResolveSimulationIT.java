package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class ResolveSimulationIT {

    @TempDir Path results;

    private SimulationRun resolving(FakeRegistry registry, int roots) {
        return new SimulationRun(ResolveSimulation.class, results)
                .with("registry", registry.url())
                .with("roots", roots)
                .with("lock-size", 3)
                .with("warm-up", 0)
                .with("duration", 1);
    }

    @Test
    void passesWhenEveryLockIsTheSame() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(8)) {
            registry.conflictWith("acme/green-p2");

            assertThat(resolving(registry, 7).run()).isEqualTo(SimulationRun.PASSED);
        }
    }

    @Test
    void failsWhenALockDiffersFromThatBefore() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(8, FakeRegistry.Fault.OTHER_LOCK)) {
            assertThat(resolving(registry, 7).run()).isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }

    @Test
    void saysThatTooFewPluginsFitTogether() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(8)) {
            registry.conflictWith("acme/green-p2");
            SimulationRun resolving = resolving(registry, 8);

            assertThatThrownBy(resolving::run)
                    .hasStackTraceContaining(
                            registry.url() + " resolves 7 of its plugins together, not 8");
        }
    }
}
