package dev.modunest.standalone.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class ImagesTest {

    private static final List<String> IMAGES =
            List.of(
                    "artifact-server",
                    "cdn-edge",
                    "standalone",
                    "artifact-server-dev",
                    "cdn-edge-dev");
    private static final Pattern STAGE =
            Pattern.compile("(?ms)^FROM (\\S+) AS (\\S+)$(.*?)(?=^FROM |\\z)");

    @Test
    void everyImageRunsWithoutRootAndTellsItsHealth() {
        Map<String, String> stages = stages();
        assertThat(stages).containsKeys(IMAGES.toArray(String[]::new));
        assertThat(IMAGES)
                .allSatisfy(
                        image ->
                                assertThat(stages.get(image))
                                        .contains(
                                                "\nUSER 10001:10001\n",
                                                "\nHEALTHCHECK ",
                                                "\nENTRYPOINT [\"",
                                                "\nSTOPSIGNAL SIGTERM\n",
                                                "dev.modunest.settings.HealthProbe"));
    }

    @Test
    void whatIsForDevelopmentIsNotInProduction() {
        assertThat(stages())
                .allSatisfy(
                        (name, stage) ->
                                assertThat(stage.contains("development.options"))
                                        .isEqualTo(name.endsWith("-dev")));
    }

    @Test
    void everyFileOfOptionsThatAnImageReadsIsThere() {
        Matcher option = Pattern.compile("@/opt/modunest/([^\"]+)").matcher(dockerfile());
        List<String> files = new ArrayList<>();
        while (option.find()) {
            files.add(option.group(1));
        }
        assertThat(files)
                .isNotEmpty()
                .allMatch(file -> Files.isRegularFile(Path.of("src/main/dist").resolve(file)));
    }

    @Test
    void composeBuildsImagesThatThereAreAndHardensThem() {
        JsonNode compose = Monitoring.yaml(Monitoring.ROOT.resolve("compose.yaml"));
        List<String> targets = new ArrayList<>();
        compose.properties()
                .forEach(
                        part -> {
                            if (part.getValue().has("build")) {
                                targets.add(part.getValue().at("/build/target").asText());
                            }
                        });
        assertThat(targets).containsExactlyInAnyOrder("artifact-server", "cdn-edge");
        assertThat(compose.at("/x-hardened/read_only").asBoolean()).isTrue();
        assertThat(compose.at("/x-hardened/cap_drop/0").asText()).isEqualTo("ALL");
        assertThat(compose.path("services"))
                .allSatisfy(
                        service ->
                                assertThat(service.path("image").asText(":"))
                                        .contains(":")
                                        .doesNotContain(":latest"));
    }

    private static String dockerfile() {
        return Monitoring.text(Monitoring.ROOT.resolve("Dockerfile"));
    }

    /** Each stage with those that it is made from. */
    private static Map<String, String> stages() {
        Map<String, String> stages = new LinkedHashMap<>();
        Matcher stage = STAGE.matcher(dockerfile());
        while (stage.find()) {
            stages.put(stage.group(2), stages.getOrDefault(stage.group(1), "") + stage.group(3));
        }
        return stages;
    }
}
