package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.samples.generator.GeneratorOptions;
import dev.modunest.samples.generator.PluginGenerator;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class InspectCommandIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    @BeforeEach
    void generate() throws Exception {
        PluginGenerator.generate(GeneratorOptions.of(3, 1, folder), done -> {});
    }

    @Test
    void aFolderOfGoodJarsIsExitCode0() {
        Commands inspected = Commands.run("inspect", folder.toString());
        assertThat(inspected.exit()).as(inspected.out()).isZero();
        assertThat(inspected.out().lines().filter(line -> line.startsWith("accepted"))).hasSize(3);
    }

    @Test
    void foldersAreSearchedBelowAndFilesTakenWhateverTheirName() throws Exception {
        Path jar = PluginJar.files(List.of(folder)).getFirst();
        Path below = Files.createDirectories(folder.resolve("a/b"));
        Files.copy(jar, below.resolve("UPPER.JAR"));
        Files.copy(jar, below.resolve("archive.zip"));
        Files.writeString(below.resolve("notes.txt"), "no archive");
        assertThat(Commands.run("inspect", "--json", folder.toString()).out().lines()).hasSize(5);
        Path unnamed = Files.copy(jar, below.resolve("unnamed"));
        assertThat(Commands.run("inspect", unnamed.toString()).exit()).isZero();
    }

    @Test
    void oneRefusedJarIsExitCode1AndEveryProblemHasAFix() throws Exception {
        Path truncated = folder.resolve("x-truncated.jar");
        byte[] whole = Files.readAllBytes(PluginJar.files(List.of(folder)).getFirst());
        Files.write(truncated, java.util.Arrays.copyOf(whole, whole.length / 2));
        Commands inspected = Commands.run("inspect", "--json", folder.toString());
        assertThat(inspected.exit()).isEqualTo(1);
        List<String> lines = inspected.out().lines().toList();
        assertThat(lines).hasSize(4);
        JsonNode good = JSON.readTree(lines.getFirst());
        assertThat(good.path("accepted").asBoolean()).isTrue();
        assertThat(good.path("manifest").path("namespace").asText()).isEqualTo("load");
        JsonNode refused = JSON.readTree(lines.getLast());
        assertThat(refused.path("accepted").asBoolean()).isFalse();
        assertThat(refused.path("problems"))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem.path("fix").asText()).isNotBlank());
        assertThat(Commands.run("inspect", truncated.toString()).out()).startsWith("refused  ");
    }
}
