package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.samples.generator.GeneratedPlugin;
import dev.modunest.samples.generator.GeneratorOptions;
import dev.modunest.samples.generator.PluginGenerator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

class PlatformIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    @Test
    void whatWasPublishedIsServedAfterARestart() throws Exception {
        List<GeneratedPlugin> plugins = generate(6);
        String token;
        try (Platform platform = start()) {
            token = platform.firstToken().orElseThrow();
            assertThat(platform.tokenFile()).hasContent(token);
            Commands published = publish(platform, false);
            assertThat(published.exit()).as(published.out()).isZero();
            assertThat(published.out()).contains("published load/").doesNotContain("refused");
        }
        try (Platform platform = start()) {
            assertThat(platform.firstToken()).isEmpty();
            assertThat(Files.readString(platform.tokenFile()).strip()).isEqualTo(token);
            for (GeneratedPlugin plugin : plugins) {
                assertThat(get(platform.edge(), artifactPath(plugin)).body())
                        .isEqualTo(Files.readAllBytes(plugin.path()));
            }
            Commands again = publish(platform, true);
            assertThat(again.exit()).isZero();
            assertThat(again.out().lines())
                    .hasSize(6)
                    .allSatisfy(
                            line ->
                                    assertThat(JSON.readTree(line).path("outcome").asText())
                                            .isEqualTo("unchanged"));
        }
    }

    @Test
    void aDownloadFromTheEdgeIsCountedOnceThoughAllStopsBeforeItIsReported() throws Exception {
        GeneratedPlugin plugin = generate(1).getFirst();
        try (Platform platform = start()) {
            assertThat(publish(platform, false).exit()).isZero();
            get(platform.edge(), artifactPath(plugin));
        }
        try (Platform platform = start()) {
            String path = "/api/v1/plugins/" + plugin.coordinate().plugin() + "/downloads";
            String told = "";
            for (long end = System.nanoTime() + 20_000_000_000L;
                    !told.contains("\"total\":1,") && System.nanoTime() < end; ) {
                told = new String(get(platform.origin(), path).body(), StandardCharsets.UTF_8);
            }
            assertThat(told).contains("\"total\":1,");
        }
    }

    @Test
    void aPrivateReleaseComesFromTheEdgeToWhoHasItsUrl() throws Exception {
        GeneratedPlugin plugin = generate(1).getFirst();
        byte[] bytes = Files.readAllBytes(plugin.path());
        try (Platform platform = start()) {
            String token = platform.firstToken().orElseThrow();
            assertThat(publish(platform, false).exit()).isZero();
            assertThat(get(platform.edge(), artifactPath(plugin)).body()).isEqualTo(bytes);
            HttpResponse<byte[]> hidden =
                    send(
                            request(
                                            platform.origin(),
                                            "/api/v1/namespaces/"
                                                    + plugin.coordinate().plugin().namespace(),
                                            token)
                                    .method(
                                            "PATCH",
                                            HttpRequest.BodyPublishers.ofString(
                                                    "{\"private\": true}")));
            assertThat(hidden.statusCode()).isEqualTo(200);

            String release =
                    "/api/v1/plugins/"
                            + plugin.coordinate().plugin()
                            + "/"
                            + plugin.coordinate().version();
            String url =
                    JSON.readTree(send(request(platform.edge(), release, token)).body())
                            .path("url")
                            .asText();
            assertThat(url).contains("?exp=");
            // Until the edge has heard of it, what was public is served to all.
            for (long end = System.nanoTime() + 20_000_000_000L;
                    get(platform.edge(), artifactPath(plugin)).statusCode() != 404
                            && System.nanoTime() < end; ) {
                Thread.onSpinWait();
            }
            assertThat(get(platform.edge(), artifactPath(plugin)).statusCode()).isEqualTo(404);
            assertThat(get(platform.edge(), url).body()).isEqualTo(bytes);
            HttpResponse<byte[]> kept = get(platform.edge(), url);
            assertThat(kept.body()).isEqualTo(bytes);
            assertThat(kept.headers().firstValue("Cache-Status").orElseThrow()).endsWith("; hit");
            assertThat(kept.headers().firstValue("Cache-Control")).hasValue("private, no-cache");
            assertThat(get(platform.edge(), url.substring(0, url.indexOf('?'))).statusCode())
                    .isEqualTo(404);
            assertThat(get(platform.edge(), url.replace("exp=1", "exp=2")).statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void whatIsRefusedIsNamedWithItsFix() throws Exception {
        Path jar = generate(1).getFirst().path();
        Path noPlugin = Files.write(folder.resolve("broken.jar"), new byte[] {1, 2, 3});
        try (Platform platform = start()) {
            Commands refused =
                    Commands.run(
                            "publish",
                            "--registry",
                            platform.origin().toString(),
                            "--token-file",
                            Files.writeString(folder.resolve("wrong.token"), "mnt_wrong")
                                    .toString(),
                            jar.toString(),
                            noPlugin.toString());
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.out()).contains("refused   " + noPlugin, "not sent").contains("401");
        }
        Commands unreachable =
                Commands.run(
                        "publish",
                        "--json",
                        "--registry",
                        "http://127.0.0.1:1",
                        "--token-file",
                        folder.resolve("wrong.token").toString(),
                        jar.toString(),
                        noPlugin.toString());
        assertThat(unreachable.exit()).isEqualTo(1);
        assertThat(unreachable.out()).contains("start it with ./modunest up");
    }

    @Test
    void otherBytesUnderAPublishedVersionAreRefused() throws Exception {
        generate(1);
        try (Platform platform = start()) {
            assertThat(publish(platform, false).exit()).isZero();
            Path published = PluginJar.files(List.of(folder.resolve("jars"))).getFirst();
            Path other = withAnotherEntry(published);
            Files.move(other, published, StandardCopyOption.REPLACE_EXISTING);
            Commands again = publish(platform, false);
            assertThat(again.exit()).isEqualTo(1);
            assertThat(again.out()).startsWith("refused ").contains("409 version-exists");
        }
    }

    private Path withAnotherEntry(Path jar) throws Exception {
        Path other = folder.resolve("other.jar");
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar));
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(other))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                in.transferTo(out);
            }
            out.putNextEntry(new ZipEntry("another.txt"));
        }
        return other;
    }

    @Test
    void aDataDirectoryHasOneProcessAtATime() {
        try (Platform running = start()) {
            assertThat(running.postgresPid()).isPositive();
            assertThatThrownBy(this::start)
                    .isInstanceOf(StandaloneException.class)
                    .hasMessageContaining("another modunest runs on the data directory");
        }
    }

    @Test
    void aTakenPortIsToldAndNothingIsLeftRunning() {
        try (Platform running = start()) {
            assertThatThrownBy(
                            () ->
                                    Platform.start(
                                            folder.resolve("other"),
                                            running.origin().getPort(),
                                            0,
                                            line -> {}))
                    .isInstanceOf(RuntimeException.class)
                    .hasMessageContaining(Integer.toString(running.origin().getPort()));
        }
        Platform.start(folder.resolve("other"), 0, 0, line -> {}).close();
    }

    private Platform start() {
        return Platform.start(folder.resolve("data"), 0, 0, line -> {});
    }

    private List<GeneratedPlugin> generate(int count) throws Exception {
        return PluginGenerator.generate(
                GeneratorOptions.of(count, 7, folder.resolve("jars")), done -> {});
    }

    private Commands publish(Platform platform, boolean json) {
        String[] arguments = {
            "publish",
            "--registry",
            platform.origin().toString(),
            "--token-file",
            platform.tokenFile().toString(),
            folder.resolve("jars").toString()
        };
        return json
                ? Commands.run(
                        java.util.stream.Stream.concat(
                                        java.util.Arrays.stream(arguments),
                                        java.util.stream.Stream.of("--json"))
                                .toArray(String[]::new))
                : Commands.run(arguments);
    }

    private static String artifactPath(GeneratedPlugin plugin) {
        return "/artifacts/"
                + plugin.coordinate().plugin()
                + "/"
                + plugin.coordinate().version()
                + "/"
                + plugin.coordinate().fileName();
    }

    private static HttpResponse<byte[]> get(URI base, String path) throws Exception {
        return send(HttpRequest.newBuilder(base.resolve(path)));
    }

    private static HttpRequest.Builder request(URI base, String path, String token) {
        return HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }
}
