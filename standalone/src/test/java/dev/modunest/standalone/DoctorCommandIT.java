package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Digest;
import dev.modunest.samples.generator.GeneratorOptions;
import dev.modunest.samples.generator.PluginGenerator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

class DoctorCommandIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private void publishThree() throws Exception {
        Path jars = folder.resolve("jars");
        PluginGenerator.generate(GeneratorOptions.of(3, 7, jars), done -> {});
        try (Platform platform = Platform.start(data(), 0, 0, line -> {})) {
            Commands published =
                    Commands.run(
                            "publish",
                            "--registry",
                            platform.origin().toString(),
                            "--token-file",
                            platform.tokenFile().toString(),
                            jars.toString());
            assertThat(published.exit()).as(published.out()).isZero();
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Commands doctor(String... more) {
        List<String> arguments = new ArrayList<>(List.of("doctor", "--data", data().toString()));
        arguments.addAll(List.of(more));
        return Commands.run(arguments.toArray(String[]::new));
    }

    private List<Path> objects() throws Exception {
        try (Stream<Path> files = Files.walk(data().resolve("s3"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void differencesAreNamedAndOrphansRemovedWhenAsked() throws Exception {
        publishThree();
        Commands agree = doctor("--bytes");
        assertThat(agree.exit()).as(agree.out() + agree.err()).isZero();
        assertThat(agree.out()).contains("3 releases, 3 objects", "3 hashed", "they agree");

        Path missing = objects().get(0);
        Path wrong = objects().get(1);
        byte[] bytes = Files.readAllBytes(wrong);
        bytes[bytes.length / 2] ^= 1;
        Files.write(wrong, bytes);
        Digest stranger = Digest.ofBytes(new byte[] {1});
        Path prefix =
                data().resolve("s3/modunest/artifacts/sha256")
                        .resolve(stranger.hex().substring(0, 2));
        Path orphan = Files.createDirectories(prefix).resolve(stranger.hex());
        Files.move(missing, orphan);

        Commands differ = doctor("--bytes", "--settle", "PT0S");
        assertThat(differ.exit()).isEqualTo(1);
        assertThat(differ.out())
                .contains("missing-bytes  load/", "wrong-digest  load/", "orphan  ", stranger.hex())
                .contains("1 missing-bytes, 1 orphan, 1 wrong-digest");

        Commands young = doctor("--json", "--settle", "PT1H");
        assertThat(young.out().lines()).hasSize(2);
        JsonNode last = JSON.readTree(young.out().lines().toList().getLast());
        assertThat(last.path("under_way").asInt()).isEqualTo(1);
        assertThat(last.path("agree").asBoolean()).isFalse();

        Commands removed = doctor("--json", "--bytes", "--settle", "PT0S", "--remove-orphans");
        assertThat(removed.exit()).isEqualTo(1);
        assertThat(removed.out().lines())
                .extracting(line -> JSON.readTree(line).path("difference").asText())
                .containsExactlyInAnyOrder("missing-bytes", "wrong-digest", "orphan", "");
        assertThat(orphan).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "--settle -PT1S, --settle is PT0S or more",
        "--concurrency 65, --concurrency is 1 to 64",
        "--settle soon, --settle"
    })
    void badUsageEndsWithTwo(String arguments, String message) {
        Commands failed = doctor(arguments.split(" "));
        assertThat(failed.exit()).isEqualTo(2);
        assertThat(failed.err()).contains(message);
    }

    @Test
    void whatIsOutOfReachIsTold() throws Exception {
        Path config =
                Files.writeString(
                        folder.resolve("server.yaml"),
                        """
                        database:
                          url: jdbc:postgresql://127.0.0.1:1/x
                          password: p
                          connection_timeout: 300ms
                        """);
        Commands failed = Commands.run("doctor", "--config", config.toString());
        assertThat(failed.exit()).isEqualTo(3);
        assertThat(failed.err()).contains("cannot be compared", "127.0.0.1:1");
    }
}
