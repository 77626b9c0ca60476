package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.samples.generator.GeneratorOptions;
import dev.modunest.samples.generator.PluginGenerator;
import dev.modunest.settings.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code modunest up} in a process of its own, ended in the ways that processes end. */
class UpIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MOST_SECONDS = 90;
    private static final int PUBLISHES = 60;
    private static final int KILL_AFTER = 15;

    @TempDir private Path folder;

    private final List<Process> processes = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void end() throws Exception {
        for (Process process : processes) {
            process.destroy();
            process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        }
        http.close();
    }

    @Test
    void whatWasAnswered201SurvivesAKilledProcess() throws Exception {
        Path jars = folder.resolve("jars");
        PluginGenerator.generate(GeneratorOptions.of(PUBLISHES, 3, jars), done -> {});
        Process first = up();
        Map<Coordinate, Digest> acknowledged = publishUntilKilled(first, ready(first), jars);
        assertThat(acknowledged).hasSizeBetween(KILL_AFTER, PUBLISHES - 1);

        Process second = up();
        JsonNode ready = ready(second);
        URI origin = URI.create(ready.path("origin").asText());
        for (Map.Entry<Coordinate, Digest> release : acknowledged.entrySet()) {
            JsonNode document =
                    JSON.readTree(get(origin, "/api/v1/plugins/" + path(release.getKey())));
            assertThat(document.path("digest").asText()).isEqualTo(release.getValue().toString());
            byte[] bytes = get(origin, "/artifacts/sha256/" + release.getValue().hex());
            assertThat(Digest.ofBytes(bytes)).isEqualTo(release.getValue());
        }
        List<String> listed = listed(origin);
        assertThat(listed).containsAll(plugins(acknowledged.keySet()));
        for (String plugin : listed) {
            for (String line :
                    new String(
                                    get(origin, "/index/" + plugin),
                                    java.nio.charset.StandardCharsets.UTF_8)
                            .lines()
                            .toList()) {
                Digest digest = Digest.parse(JSON.readTree(line).path("digest").asText());
                assertThat(Digest.ofBytes(get(origin, "/artifacts/sha256/" + digest.hex())))
                        .isEqualTo(digest);
            }
        }
    }

    @Test
    void sigtermStopsCleanlyWithExitCode0() throws Exception {
        Process process = up();
        JsonNode ready = ready(process);
        ProcessHandle postgres =
                ProcessHandle.of(ready.path("pids").path("postgres").asLong()).orElseThrow();
        assertThat(Files.isReadable(Path.of(ready.path("token_file").asText()))).isTrue();
        assertThat(ready.path("s3").asText()).startsWith("http://127.0.0.1:");
        assertThat(ready.path("database").asText()).startsWith("jdbc:postgresql://127.0.0.1:");
        process.destroy();
        assertThat(process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        postgres.onExit().get(MOST_SECONDS, TimeUnit.SECONDS);
        assertThat(folder.resolve("up.log"))
                .content()
                .contains("registry", "edge", "token", "trust", "./modunest keygen", "stopping");
    }

    private Map<Coordinate, Digest> publishUntilKilled(Process process, JsonNode ready, Path jars)
            throws Exception {
        Map<Coordinate, Digest> acknowledged = new ConcurrentHashMap<>();
        CountDownLatch enough = new CountDownLatch(KILL_AFTER);
        List<PluginJar> plugins = new ArrayList<>();
        for (Path jar : PluginJar.files(List.of(jars))) {
            plugins.add(
                    new PluginJar(
                            jar,
                            ((dev.modunest.format.Inspection.Accepted) PluginJar.inspect(jar))
                                    .manifest()));
        }
        Secret token =
                new Secret(Files.readString(Path.of(ready.path("token_file").asText())).strip());
        URI origin = URI.create(ready.path("origin").asText());
        try (PublishClient client = new PublishClient(origin, token, 4)) {
            CompletableFuture<?> publishing =
                    CompletableFuture.runAsync(
                            () ->
                                    client.publish(
                                            plugins,
                                            outcome -> {
                                                if (outcome
                                                        instanceof
                                                        PublishClient.Outcome.Published live) {
                                                    acknowledged.put(
                                                            live.coordinate(), live.digest());
                                                    enough.countDown();
                                                }
                                            }));
            assertThat(enough.await(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
            process.destroyForcibly();
            publishing.get(MOST_SECONDS, TimeUnit.SECONDS);
        }
        return acknowledged;
    }

    private Process up() throws IOException {
        Files.deleteIfExists(folder.resolve("ready.json"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The coverage agent of this JVM, so that lines that only run there are counted.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-javaagent:"))
                .forEach(command::add);
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.modunest.standalone.Main",
                        "up",
                        "--data",
                        folder.resolve("data").toString(),
                        "--port",
                        "0",
                        "--edge-port",
                        "0",
                        "--ready-file",
                        folder.resolve("ready.json").toString()));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("up.log").toFile())
                        .start();
        processes.add(process);
        return process;
    }

    /**
     * Waits for the ready file: a file appearing has no event that Java can await without a poll.
     */
    private JsonNode ready(Process process) throws Exception {
        Path file = folder.resolve("ready.json");
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        while (!Files.exists(file)) {
            assertThat(process.waitFor(50, TimeUnit.MILLISECONDS))
                    .as(() -> read(folder.resolve("up.log")))
                    .isFalse();
            assertThat(System.nanoTime()).as("ready in time").isLessThan(until);
        }
        return JSON.readTree(file.toFile());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private List<String> listed(URI origin) throws Exception {
        List<String> plugins = new ArrayList<>();
        String path = "/api/v1/plugins?limit=100";
        while (!path.isEmpty()) {
            JsonNode page = JSON.readTree(get(origin, path));
            page.path("plugins")
                    .forEach(
                            plugin ->
                                    plugins.add(
                                            plugin.path("namespace").asText()
                                                    + "/"
                                                    + plugin.path("name").asText()));
            path = page.path("next").asText("");
        }
        return plugins;
    }

    private static List<String> plugins(Collection<Coordinate> releases) {
        return releases.stream().map(release -> release.plugin().toString()).toList();
    }

    private static String path(Coordinate coordinate) {
        return coordinate.plugin() + "/" + coordinate.version();
    }

    private byte[] get(URI origin, String path) throws Exception {
        HttpResponse<byte[]> response =
                http.send(
                        HttpRequest.newBuilder(origin.resolve(path)).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return response.body();
    }
}
