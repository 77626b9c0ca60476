package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class DistributionIT {

    @TempDir private Path folder;

    @Test
    void anIncompleteDistributionIsToldWithTheRemedy() throws Exception {
        Distribution distribution = new Distribution(folder);
        assertThatThrownBy(distribution::loader).hasMessageContaining("cannot be listed");
        Files.createDirectories(folder.resolve("loader"));
        Files.createDirectories(folder.resolve("samples"));
        assertThatThrownBy(distribution::loader)
                .hasMessageContaining("build again with mvn -B package");
        assertThatThrownBy(distribution::samples)
                .hasMessageContaining("build again with mvn -B package");
    }

    @Test
    void aHostThatDoesNotReportIsToldWithItsLog() throws Exception {
        Path noJar = Files.writeString(folder.resolve("loader-all.jar"), "no jar");
        HostProcess host =
                new HostProcess(
                        noJar,
                        folder.resolve("work"),
                        URI.create("http://127.0.0.1:1"),
                        folder.resolve("1.root.json"));
        assertThatThrownBy(() -> host.load(List.of(), List.of(), Duration.ofMinutes(1)))
                .isInstanceOf(StandaloneException.class)
                .hasMessageContaining("exit code 1 and no report")
                .hasMessageContaining("loader-all.jar");
    }

    @Test
    void aHostThatTakesTooLongIsEnded() {
        Distribution built = Distribution.current();
        HostProcess host =
                new HostProcess(
                        built.loader(),
                        folder.resolve("work"),
                        URI.create("http://127.0.0.1:1"),
                        folder.resolve("1.root.json"));
        assertThatThrownBy(() -> host.load(List.of(), List.of(), Duration.ofMillis(1)))
                .hasMessageContaining("did not finish within 0 s");
    }
}
