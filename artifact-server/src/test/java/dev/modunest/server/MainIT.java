package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The process itself. */
class MainIT {

    private static TestRegistry registry;

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private Process run(Map<String, String> settings, String... arguments) throws IOException {
        ProcessBuilder process =
                new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName());
        process.command().addAll(List.of(arguments));
        process.environment().putAll(settings);
        process.redirectOutput(folder.resolve("out").toFile());
        process.redirectError(folder.resolve("err").toFile());
        return process.start();
    }

    private String written(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Test
    void printsItsSettingsServesAndStopsWhenTold() throws Exception {
        Path config =
                Files.writeString(folder.resolve("config.yaml"), "logging:\n  format: json\n");
        Process process = run(registry.environment(), "--config", config.toString());
        try {
            Awaiting.until(() -> written("err").contains("listening at http:"));
        } finally {
            process.destroy();
        }

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(written("out")).contains("max_size: 512MiB", "password: ****");
        assertThat(written("err")).contains("\"message\":\"listening").doesNotContain("ERROR");
    }

    @Test
    void saysInOneMessageWhatIsWrongWithItsSettings() throws Exception {
        Process process = run(Map.of("MODUNEST_LISTEN_PORT", "x", "MODUNEST_NONSENSE", "1"));

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(3);
        assertThat(written("err"))
                .contains("artifact-server cannot start", "listen.port", "MODUNEST_NONSENSE");
        assertThat(written("out")).isEmpty();
    }

    @Test
    void saysInOneSentenceThatItsSettingsAreNotThere() throws Exception {
        Process process = run(Map.of(), "--config", "/nonexistent");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(3);
        assertThat(written("err"))
                .startsWith("artifact-server cannot start: ")
                .contains("/nonexistent")
                .hasLineCount(1);
        assertThat(written("out")).isEmpty();
    }

    @Test
    void tellsHowItIsUsed() throws Exception {
        Process process = run(Map.of(), "--what");

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
        assertThat(written("err")).startsWith("usage: artifact-server [--config FILE]");
    }
}
