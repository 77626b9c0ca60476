package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

class SeedCommandIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private Commands seed(String... more) {
        String[] arguments = new String[more.length + 3];
        arguments[0] = "seed";
        arguments[1] = "--data";
        arguments[2] = folder.resolve("data").toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        return Commands.run(arguments);
    }

    @Test
    void aRegistryServesWhatWasSeeded() throws Exception {
        Path request = folder.resolve("request.json");
        Commands seeded =
                seed(
                        "--plugins",
                        "400",
                        "--releases",
                        "3000",
                        "--request",
                        request.toString(),
                        "--roots",
                        "50",
                        "--json");
        assertThat(seeded.exit()).as(seeded.err()).isZero();
        assertThat(JSON.readTree(seeded.out()).path("releases").asInt()).isEqualTo(3_000);
        assertThat(JSON.readTree(Files.readString(request)).path("requirements")).hasSize(50);

        try (Platform platform = Platform.start(folder.resolve("data"), 0, 0, line -> {})) {
            assertThat(platform.firstToken()).isPresent();
            JsonNode page = get(platform.origin(), "/api/v1/plugins?sort=downloads&limit=100");
            assertThat(page.path("plugins")).hasSize(100);
            assertThat(page.path("plugins").get(0).path("recent_downloads").asLong())
                    .isGreaterThan(10_000);
            String first = page.path("plugins").get(0).path("plugin").asText();
            assertThat(get(platform.edge(), "/api/v1/plugins/" + first).path("releases"))
                    .isNotEmpty();
            HttpResponse<String> plan =
                    send(
                            HttpRequest.newBuilder(platform.origin().resolve("/api/v1/resolve"))
                                    .POST(HttpRequest.BodyPublishers.ofFile(request))
                                    .header("Content-Type", "application/json"));
            assertThat(plan.statusCode()).as(plan.body()).isEqualTo(200);
            assertThat(JSON.readTree(plan.body()).path("steps")).hasSizeGreaterThan(49);
        }

        Commands again = seed("--plugins", "10");
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.err()).contains("the index has plugins", "--data");
        assertThat(JSON.readTree(seed("--json").out()).path("filled").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "--plugins 0, 1 to 1000000",
        "--plugins 300000000, 1 to 1000000",
        "--plugins 10 --releases 5, not 5",
        "--roots 0, --roots is 1 to 1000",
        "--config x.yaml, not both"
    })
    void badUsageEndsWithTwo(String arguments, String message) {
        Commands failed = seed(arguments.split(" "));
        assertThat(failed.exit()).isEqualTo(2);
        assertThat(failed.err()).contains(message);
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void settingsThatDoNotHoldAreTold() throws Exception {
        Path config = Files.writeString(folder.resolve("server.yaml"), "database: {urk: x}");
        Commands faulty = Commands.run("seed", "--config", config.toString());
        assertThat(faulty.exit()).isEqualTo(2);
        assertThat(faulty.err()).contains("database.urk");
    }

    @Test
    void aDatabaseOutOfReachIsTold() throws Exception {
        Path config =
                Files.writeString(
                        folder.resolve("server.yaml"),
                        """
                        database:
                          url: jdbc:postgresql://127.0.0.1:1/x
                          password: p
                          connection_timeout: 300ms
                        """);
        Commands failed = Commands.run("seed", "--config", config.toString());
        assertThat(failed.exit()).isEqualTo(3);
        assertThat(failed.err()).contains("cannot be filled", "127.0.0.1:1");
    }

    private static JsonNode get(URI base, String path) throws Exception {
        return JSON.readTree(send(HttpRequest.newBuilder(base.resolve(path))).body());
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
