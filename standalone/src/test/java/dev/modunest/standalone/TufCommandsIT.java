package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.modunest.format.sign.Signer;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.write.Batch;
import dev.modunest.format.tuf.write.OnlineSigners;
import dev.modunest.format.tuf.write.RepositoryFile;
import dev.modunest.format.tuf.write.RepositoryWriter;
import dev.modunest.format.tuf.write.RevocationsWriter;
import dev.modunest.format.tuf.write.SigningTerms;
import dev.modunest.format.tuf.write.TargetChange;
import dev.modunest.server.key.KeyLocation;
import dev.modunest.server.key.KeyStorage;
import dev.modunest.server.key.Passphrase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The ceremony from the first key to what a client of TUF downloads, all by commands. */
class TufCommandsIT {

    private static final int TOO_BUSY = 503;

    @TempDir private Path folder;
    private Path trust = Path.of("");
    private final AtomicInteger status = new AtomicInteger();

    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        trust = Files.createDirectories(folder.resolve("trust"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    Path file = trust.resolve(exchange.getRequestURI().getRawPath().substring(1));
                    byte[] content = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
                    int answer = status.get() != 0 ? status.get() : content.length == 0 ? 404 : 200;
                    exchange.sendResponseHeaders(answer, content.length == 0 ? -1 : content.length);
                    if (content.length > 0) {
                        exchange.getResponseBody().write(content);
                    }
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static Commands tuf(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Main.commandLine();
        command.addSubcommand(new CeremonyTufCommand());
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        int exit = command.execute(arguments);
        return new Commands(exit, out.toString(), err.toString());
    }

    private Path key(String name) {
        Path file = folder.resolve(name + ".pem");
        if (!Files.exists(file)) {
            assertThat(tuf("tuf", "keygen", "--out", file.toString()).out())
                    .matches("[0-9a-f]{64} .*" + name + "\\.pem\\.pub\\R");
        }
        return file;
    }

    private String published(String name) {
        return key(name) + ".pub";
    }

    private String published(String name, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> published(name + i))
                .collect(Collectors.joining(","));
    }

    private Signer signer(String name) {
        return new KeyStorage(Map.of())
                .open(new KeyLocation.PemFile(key(name)), new Passphrase.None());
    }

    private Commands sign(String draft, String holder, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("tuf", "sign", draft, "--key", key(holder).toString()));
        arguments.addAll(List.of(more));
        return tuf(arguments.toArray(String[]::new));
    }

    private void ceremony() {
        String directory = trust.toString();
        Commands drafted =
                tuf(
                        "tuf",
                        "init",
                        "--dir",
                        directory,
                        "--root",
                        published("root", 5),
                        "--targets",
                        published("targets", 3),
                        "--snapshot",
                        published("snapshot"),
                        "--timestamp",
                        published("timestamp"));
        assertThat(drafted.out()).contains("keys of this root: 0 of 3 signatures");
        String draft = trust.resolve("tuf/draft/1.root.json").toString();
        String digest = drafted.out().lines().findFirst().orElseThrow().split(" ", -1)[1];
        assertThat(sign(draft, "root1", "--digest", "sha256:00").err()).contains("has the digest");
        for (String holder : List.of("root1", "root3", "root5")) {
            assertThat(tuf("tuf", "publish", draft, "--dir", directory).exit()).isEqualTo(1);
            assertThat(sign(draft, holder, "--digest", digest).exit()).isZero();
        }
        assertThat(tuf("tuf", "show", draft).out()).contains("\"version\" : 1", digest, "3 of 3");
        assertThat(tuf("tuf", "publish", draft, "--dir", directory).exit()).isZero();
        String root = trust.resolve("tuf/1.root.json").toString();
        assertThat(
                        tuf(
                                        "tuf",
                                        "targets",
                                        "--dir",
                                        directory,
                                        "--policy",
                                        published("bins"),
                                        "--revocations",
                                        published("revocations"),
                                        "--bins",
                                        published("bins"))
                                .exit())
                .isZero();
        String targets = trust.resolve("tuf/draft/1.targets.json").toString();
        sign(targets, "targets1", "--root", root);
        sign(targets, "targets2", "--root", root);
        assertThat(tuf("tuf", "publish", targets, "--dir", directory).out())
                .contains("1.targets.json");
    }

    private Batch start(RepositoryWriter writer) throws IOException {
        byte[] revoked = "{}".getBytes(StandardCharsets.UTF_8);
        RevocationsWriter revocations =
                new RevocationsWriter(
                        signer("revocations"),
                        SigningTerms.DEFAULT.revocations(),
                        InstantSource.system());
        byte[] targets = Files.readAllBytes(trust.resolve("tuf/1.targets.json"));
        return writer.start(SignedDocument.parse(targets), revocations.sign(1, revoked));
    }

    private void write(Batch batch) throws IOException {
        for (RepositoryFile file : batch.files()) {
            Path path = trust.resolve("tuf").resolve(file.path());
            Files.createDirectories(path.resolveSibling(""));
            Files.write(path, file.content());
        }
    }

    private Commands client(String command, String... more) {
        String base = "http://127.0.0.1:" + server.getAddress().getPort() + "/tuf";
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "conformance",
                                "tuf",
                                "--metadata-dir",
                                folder.resolve("metadata").toString(),
                                "--metadata-url",
                                base,
                                "--target-base-url",
                                base + "/targets/",
                                "--target-dir",
                                folder.resolve("files").toString()));
        if (command.equals("download")) {
            arguments.addAll(List.of("--target-name", more[0]));
        }
        arguments.add(command);
        if (command.equals("init")) {
            arguments.add(more[0]);
        }
        return Commands.run(arguments.toArray(String[]::new));
    }

    @Test
    void aClientDownloadsWhatAWriterPublishesAfterACeremony() throws IOException {
        ceremony();
        RepositoryWriter writer =
                new RepositoryWriter(
                        new OnlineSigners(signer("snapshot"), signer("timestamp"), signer("bins")),
                        SigningTerms.DEFAULT,
                        InstantSource.system());
        Batch first = start(writer);
        write(first);
        Files.createDirectories(folder.resolve("metadata"));
        Files.createDirectories(folder.resolve("files"));
        assertThat(client("init", trust.resolve("tuf/1.root.json").toString()).exit()).isZero();
        assertThat(client("refresh").out()).isEqualToIgnoringNewLines("snapshot 1");
        assertThat(client("download", "index/a/b.json").err()).contains("no-target");
        TargetChange change =
                new TargetChange.Put("index/a/b.json", "content".getBytes(StandardCharsets.UTF_8));
        write(
                writer.publish(
                        first.next(),
                        List.of(change),
                        (path, max) ->
                                Optional.of(
                                        Files.readAllBytes(trust.resolve("tuf").resolve(path)))));
        Path file = folder.resolve("files/index%2Fa%2Fb.json.target");
        assertThat(client("download", "index/a/b.json").out())
                .isEqualToIgnoringNewLines(file.toString());
        assertThat(file).hasContent("content");
        assertThat(client("download", "index/a/b.json").exit()).isZero();
        Files.write(trust.resolve("tuf/timestamp.json"), first.files().getLast().content());
        assertThat(client("refresh").exit()).isEqualTo(1);
        assertThat(client("refresh").err()).contains("rollback: timestamp");
        status.set(TOO_BUSY);
        assertThat(client("refresh").err()).contains("answers 503");
    }

    @Test
    void whatIsNoTrustedRootIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("metadata"));
        Path garbage = Files.writeString(folder.resolve("garbage"), "x");
        assertThat(client("init", garbage.toString()).exit()).isEqualTo(1);
        assertThat(client("refresh").err()).contains("no trusted root is kept");
        assertThat(Commands.run("conformance", "tuf", "refresh").exit()).isEqualTo(2);
    }

    @Test
    void theNextRootChangesOnlyTheKeysThatAreNamed() {
        ceremony();
        String root = trust.resolve("tuf/1.root.json").toString();
        Commands drafted =
                tuf(
                        "tuf",
                        "root",
                        "--dir",
                        trust.toString(),
                        "--timestamp",
                        published("timestamp2"));
        assertThat(drafted.out())
                .contains("keys of the root before: 0 of 3", "keys of this root: 0 of 3");
        String draft = trust.resolve("tuf/draft/2.root.json").toString();
        assertThat(sign(draft, "targets1", "--root", root).err())
                .contains("is none of those that sign root 2");
        for (String holder : List.of("root2", "root3", "root4")) {
            assertThat(sign(draft, holder, "--root", root).exit()).isZero();
        }
        assertThat(tuf("tuf", "publish", draft, "--dir", trust.toString()).exit()).isZero();
    }

    @Test
    void whatIsMissingIsToldInOneSentence() {
        Commands first = tuf("tuf", "init", "--dir", trust.toString());
        assertThat(first.exit()).isEqualTo(2);
        assertThat(first.err()).contains("the first root needs --root").hasLineCount(1);
        Commands targets = tuf("tuf", "targets", "--dir", trust.toString(), "--policy", "none");
        assertThat(targets.exit()).isEqualTo(2);
        assertThat(targets.err()).contains("none cannot be read").hasLineCount(1);
        Commands both =
                tuf(
                        "tuf",
                        "keygen",
                        "--out",
                        folder.resolve("k").toString(),
                        "--passphrase-env",
                        "A",
                        "--passphrase-file",
                        "B");
        assertThat(both.exit()).isEqualTo(2);
        assertThat(tuf("tuf").out()).contains("keygen", "publish");
        assertThat(Commands.run("conformance").err()).contains("tuf");
        assertThat(Commands.run("conformance", "tuf").out()).contains("download");
    }
}
