package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

class DemoIT {

    private static final int SAMPLES = 7;

    @Test
    void showsTheWholeWayOfAPlugin() throws Exception {
        Commands demo = Commands.run("demo", "--plugins", "25", "--json");
        assertThat(demo.exit()).as(demo.out() + demo.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(demo.out());
        assertThat(report.path("ok").asBoolean()).isTrue();
        assertThat(report.path("failures")).isEmpty();
        assertThat(report.path("published").path("count").asInt()).isEqualTo(25 + SAMPLES);
        assertThat(report.path("downloaded_cold").path("hits").asInt()).isZero();
        assertThat(report.path("downloaded_warm").path("hits").asInt()).isEqualTo(25 + SAMPLES);
        assertThat(report.path("edge_hit_ratio").asDouble()).isEqualTo(0.5);
        assertThat(report.path("loaded").path("loaded").asInt()).isEqualTo(25 + SAMPLES);
        assertThat(report.path("answers"))
                .hasSize(SAMPLES)
                .allSatisfy(answer -> assertThat(answer.path("output").asText()).isNotBlank());
    }

    @Test
    void endsWithATableForPeople() {
        Commands demo = Commands.run("demo", "--plugins", "0");
        assertThat(demo.exit()).as(demo.out() + demo.err()).isZero();
        assertThat(demo.out())
                .contains("What the samples answered", "samples/markdown", "<h1>Hello")
                .containsPattern("published +7 releases")
                .containsPattern("edge hit ratio +50\\.0 %")
                .containsPattern("loaded +7 plugins in")
                .containsPattern("failures +0")
                .contains("Everything worked.");
    }
}
