package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** npm's own client of TUF believes a running server, where node and npm are present. */
class NpmTufIT {

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
                console.log(Object.keys(JSON.parse(require('fs').readFileSync(file, 'utf8'))).sort().join());
              }
            })().catch(e => { console.error(e.message); process.exit(1); });
            """;

    @TempDir Path directory;

    @Test
    void believesRootIndexAndRevocations() throws Exception {
        Optional<Path> tufJs = findPackage();
        assumeTrue(tufJs.isPresent(), "node and npm's tuf-js are not both present");
        try (TestRegistry registry =
                TestRegistry.start(Map.of("MODUNEST_FRESHNESS_INTERVAL", "50ms"))) {
            registry.published("acme/told@1.0.0");
            TestHost host = TestHost.of(registry);
            Awaiting.until(() -> host.index("acme/told").isPresent());
            Files.createDirectory(directory.resolve("metadata"));
            Files.createDirectory(directory.resolve("targets"));
            Files.write(
                    directory.resolve("metadata/root.json"),
                    registry.get("/tuf/1.root.json").body());
            assertThat(
                            run(
                                    tufJs.get(),
                                    registry.uri("/tuf").toString(),
                                    "index/acme/told.json",
                                    "index/acme/none.json",
                                    "revoked.json",
                                    "trusted_root.json"))
                    .containsExactly(
                            "identities,index_version,plugin,releases,trusted_publishing",
                            "none",
                            "artifacts,revoked_version",
                            "certificateAuthorities,mediaType,timestampAuthorities,tlogs");
        }
    }

    private List<String> run(Path tufJs, String base, String... targets) throws Exception {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        List<String> command =
                Stream.concat(
                                Stream.of(
                                        "node",
                                        "-e",
                                        SCRIPT,
                                        tufJs.toString(),
                                        base,
                                        directory.toString()),
                                Stream.of(targets))
                        .toList();
        Process node =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        assertThat(node.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(err, StandardCharsets.UTF_8)).isEmpty();
        return Files.readAllLines(out);
    }

    private static Optional<Path> findPackage() {
        try {
            Process npm =
                    new ProcessBuilder("npm", "root", "-g")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String root =
                    new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return npm.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && npm.exitValue() == 0
                    ? Stream.of("tuf-js", "npm/node_modules/tuf-js")
                            .map(Path.of(root)::resolve)
                            .filter(Files::isDirectory)
                            .findFirst()
                    : Optional.empty();
        } catch (IOException notInstalled) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
