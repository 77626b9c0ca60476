package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class DemoIT {

    @TempDir private Path folder;

    private static final int SAMPLES = 7;

    @Test
    void showsTheWholeWayOfAPlugin() throws Exception {
        Commands demo = Commands.run("demo", "--plugins", "25", "--json");
        assertThat(demo.exit()).as(demo.out() + demo.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(demo.out());
        assertThat(report.path("ok").asBoolean()).isTrue();
        assertThat(report.path("failures")).isEmpty();
        assertThat(report.path("published").path("count").asInt()).isEqualTo(25 + SAMPLES);
        assertThat(report.path("published").path("signed").asInt()).isEqualTo(25 + SAMPLES);
        assertThat(report.path("published").path("log_entries").asInt())
                .isGreaterThan(2 * (25 + SAMPLES));
        assertThat(report.path("downloaded_cold").path("hits").asInt()).isZero();
        assertThat(report.path("downloaded_warm").path("hits").asInt()).isEqualTo(25 + SAMPLES);
        // One pass of misses, one of hits, and the host.
        assertThat(report.path("edge_hit_ratio").asDouble()).isBetween(0.6, 0.7);
        assertThat(report.path("loaded").path("loaded").asInt()).isEqualTo(25 + SAMPLES);
        assertThat(report.path("answers"))
                .hasSize(SAMPLES)
                .allSatisfy(answer -> assertThat(answer.path("output").asText()).isNotBlank());
    }

    @Test
    void whatDoesNotWorkIsNamedAndTheExitCodeIs1() throws Exception {
        String built = System.getProperty("modunest.dist");
        FileUtils.copyDirectory(
                Path.of(built, "samples").toFile(), folder.resolve("samples").toFile());
        FileUtils.copyDirectory(
                Path.of(built, "loader").toFile(), folder.resolve("loader").toFile());
        for (Path sample : PluginJar.files(List.of(folder.resolve("samples")))) {
            if (sample.getFileName().toString().startsWith("html-clean")) {
                Files.writeString(sample, "no jar");
            }
        }
        System.setProperty("modunest.dist", folder.toString());
        try {
            Commands demo = Commands.run("demo", "--plugins", "2");
            assertThat(demo.exit()).isEqualTo(1);
            assertThat(demo.out())
                    .containsPattern("FAILED: .*html-clean.* is refused: not-a-zip")
                    .contains("FAILED: refused   samples/markdown@1.0.0")
                    .contains("samples/html-clean was to answer with")
                    .doesNotContain("Everything worked");
        } finally {
            System.setProperty("modunest.dist", built);
        }
    }

    @Test
    void endsWithATableForPeople() {
        Commands demo = Commands.run("demo", "--plugins", "0");
        assertThat(demo.exit()).as(demo.out() + demo.err()).isZero();
        assertThat(demo.out())
                .contains("What the samples answered", "samples/markdown", "<h1>Hello")
                .containsPattern("published +7 releases, 7 signed")
                .containsPattern("log +\\d+ entries")
                .containsPattern("edge hit ratio +6\\d\\.\\d %")
                .containsPattern("loaded +7 plugins in")
                .containsPattern("failures +0")
                .contains("Everything worked.");
    }
}
