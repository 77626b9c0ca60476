package dev.modunest.format.tuf.write;

import static dev.modunest.format.tuf.write.TestRepository.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What is written is a repository to npm's own client, where node and npm are present. */
class NpmTufJsIT {

    private static final int TIMEOUT_SECONDS = 120;
    private static final String SCRIPT =
            """
            const { Updater } = require(process.argv[1]);
            const [, , base, dir, ...targets] = process.argv;
            (async () => {
              const updater = new Updater({
                metadataBaseUrl: base, targetBaseUrl: base + '/targets',
                metadataDir: dir + '/metadata', targetDir: dir + '/targets',
                config: { fetchRetry: 0, fetchRetries: 0 } });
              await updater.refresh();
              for (const target of targets) {
                const info = await updater.getTargetInfo(target);
                if (!info) { console.log('none'); continue; }
                const file = await updater.downloadTarget(info);
                console.log(require('fs').readFileSync(file, 'utf8'));
              }
            })().catch(e => { console.error(e.message); process.exit(1); });
            """;

    @TempDir Path directory;

    private record Run(int exit, List<String> out, String err) {}

    @Test
    void acceptsRefreshesAndRotationsAndRefusesARollback() throws Exception {
        Optional<Path> tufJs = findPackage();
        assumeTrue(tufJs.isPresent(), "node and npm's tuf-js are not both present");
        TestRepository repository = new TestRepository(Instant.now());
        Files.createDirectory(directory.resolve("metadata"));
        Files.createDirectory(directory.resolve("targets"));
        Files.write(directory.resolve("metadata/root.json"), repository.file("1.root.json"));
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/tuf/",
                exchange -> {
                    String path = exchange.getRequestURI().getRawPath().substring(5);
                    byte[] content = repository.files.get(path);
                    exchange.sendResponseHeaders(
                            content == null ? 404 : 200, content == null ? -1 : content.length);
                    if (content != null) {
                        exchange.getResponseBody().write(content);
                    }
                    exchange.close();
                });
        server.start();
        try {
            String base = "http://127.0.0.1:" + server.getAddress().getPort() + "/tuf";
            acceptsAndRefuses(repository, tufJs.orElseThrow(), base);
        } finally {
            server.stop(0);
        }
    }

    private void acceptsAndRefuses(TestRepository repository, Path tufJs, String base)
            throws Exception {
        List<TargetChange> changes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            changes.add(new TargetChange.Put("index/acme/p" + i + ".json", bytes("plugin " + i)));
        }
        repository.apply(repository.writer().publish(repository.state, changes, repository));
        Run first =
                run(
                        tufJs,
                        base,
                        "index/acme/p0.json",
                        "index/acme/p19.json",
                        "index/acme/none.json",
                        "revoked.json",
                        "trusted_root.json");
        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .containsExactly(
                        "plugin 0",
                        "plugin 19",
                        "none",
                        "{\"revoked\":[]}",
                        "{\"trusted\":\"root\"}");
        Map<String, byte[]> before = new HashMap<>(repository.files);
        TargetChange change = new TargetChange.Put("index/acme/p0.json", bytes("plugin 0 again"));
        repository.apply(
                repository.writer().publish(repository.state, List.of(change), repository));
        repository.online =
                new OnlineSigners(
                        TestRepository.signer(),
                        repository.online.timestamp(),
                        repository.online.bins());
        repository.put(
                "2.root.json",
                TestRepository.sign(
                                TufDocuments.root(
                                        2,
                                        repository.now.plus(Duration.ofDays(9)),
                                        repository.rootKeys()),
                                repository.root.subList(0, 3))
                        .bytes());
        repository.apply(repository.writer().resign(repository.state));
        assertThat(run(tufJs, base, "index/acme/p0.json").out()).containsExactly("plugin 0 again");
        repository.put(
                "timestamp.json", Optional.ofNullable(before.get("timestamp.json")).orElseThrow());
        Run rolledBack = run(tufJs, base, "index/acme/p0.json");
        assertThat(rolledBack.exit()).isEqualTo(1);
        assertThat(rolledBack.err()).contains("less than current version");
    }

    private Run run(Path tufJs, String base, String... targets) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "node",
                                "-e",
                                SCRIPT,
                                tufJs.toString(),
                                base,
                                directory.toString()));
        command.addAll(Arrays.asList(targets));
        Process node =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        assertThat(node.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Run(
                node.exitValue(),
                Files.readAllLines(out),
                Files.readString(err, StandardCharsets.UTF_8));
    }

    private static Optional<Path> findPackage() {
        String nodePath = System.getenv().getOrDefault("NODE_PATH", "");
        Stream<Path> fromPath =
                Stream.of(nodePath.split(File.pathSeparator, -1))
                        .filter(entry -> !entry.isEmpty())
                        .map(Path::of);
        return Stream.concat(
                        fromPath,
                        npmRoot().stream()
                                .flatMap(root -> Stream.of(root, root.resolve("npm/node_modules"))))
                .map(modules -> modules.resolve("tuf-js"))
                .filter(Files::isDirectory)
                .findFirst();
    }

    private static Optional<Path> npmRoot() {
        try {
            Process npm =
                    new ProcessBuilder("npm", "root", "-g")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String output = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return npm.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && npm.exitValue() == 0
                    ? Optional.of(Path.of(output.strip()))
                    : Optional.empty();
        } catch (IOException notInstalled) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
