package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class MixedSimulationIT {

    @TempDir Path folder;

    private int mix(FakeRegistry registry, FakeEdge edge) throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens"), "mnt_a\n");
        return new SimulationRun(MixedSimulation.class, folder)
                .with("registry", registry.url())
                .with("edge", edge.url())
                .with("token-file", tokens)
                .with("pace", 100)
                .with("size", 2048)
                .with("rate", 20)
                .with("search-rate", 20)
                .with("run", "r")
                .with("duration", 1)
                .run();
    }

    @Test
    void publishersSearchesAndDownloadsRunTogether() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(8);
                FakeEdge edge = new FakeEdge(3)) {
            assertThat(mix(registry, edge)).isEqualTo(SimulationRun.PASSED);

            assertThat(edge.served()).isEqualTo(20);
            assertThat(registry.plugins()).contains("load-r-0/client-000-000000");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OTHER_DIGEST", "FINDS_EVERYTHING"})
    void failsWhenOneOfThemDoes(FakeRegistry.Fault fault) throws Exception {
        try (FakeRegistry registry = new FakeRegistry(8, fault);
                FakeEdge edge = new FakeEdge(3)) {
            assertThat(mix(registry, edge)).isEqualTo(SimulationRun.ASSERTIONS_FAILED);
        }
    }
}
