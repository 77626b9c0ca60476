package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.log.Checkpoint;
import dev.modunest.format.log.ConsistencyProof;
import dev.modunest.format.log.Frontier;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.Note;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.NoteSigner;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.server.key.KeyFiles;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** One registry as a witness of the log of another. */
class WitnessIT {

    private static final String NAME = "witness.example.com/w1";
    private static final String ORIGIN = "log.example.com/log/2026";

    @TempDir private Path folder;
    private final KeyPair pair = KeyPairSigner.generate(SignatureAlgorithm.ED25519);
    private final NoteKey witnessKey =
            new NoteKey(NAME, NoteKey.Kind.ED25519_COSIGNATURE, new KeyPairSigner(pair).key());
    private final NoteSigner log =
            new NoteSigner(
                    ORIGIN,
                    NoteKey.Kind.ED25519,
                    new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519)));
    private final Map<String, Hash> nodes = new HashMap<>();
    private final Frontier tree = Frontier.empty();
    private TestRegistry witness;

    @BeforeEach
    void start() {
        Path key = folder.resolve("witness.pem");
        KeyFiles.writePem(key, pair, Optional.empty());
        witness =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_WITNESS_NAME", NAME,
                                "MODUNEST_WITNESS_KEY_FILE", key.toString(),
                                "MODUNEST_WITNESS_LOGS_EXAMPLE_KEY", log.key().vkey()));
    }

    @AfterEach
    void stop() {
        witness.close();
    }

    private SignedCheckpoint grow(int leaves) {
        for (int i = 0; i < leaves; i++) {
            tree.append(
                    Hash.leaf(("leaf " + tree.size()).getBytes(StandardCharsets.UTF_8)),
                    (level, index, hash) -> nodes.put(level + "/" + index, hash));
        }
        return signed(tree.size(), tree.root(), log);
    }

    private static SignedCheckpoint signed(long size, Hash root, NoteSigner signer) {
        return SignedCheckpoint.sign(
                new Checkpoint(signer.key().name(), size, root), List.of(signer), Instant.now());
    }

    private Hash node(int level, long index) {
        return Optional.ofNullable(nodes.get(level + "/" + index)).orElseThrow();
    }

    private HttpResponse<byte[]> submit(long old, SignedCheckpoint checkpoint) {
        List<Hash> path = ConsistencyProof.of(old, Math.max(old, tree.size()), this::node).path();
        return submit(old, path, checkpoint);
    }

    private HttpResponse<byte[]> submit(long old, List<Hash> path, SignedCheckpoint checkpoint) {
        return submit(
                "old "
                        + old
                        + "\n"
                        + path.stream().map(hash -> hash + "\n").collect(Collectors.joining())
                        + "\n"
                        + checkpoint);
    }

    private HttpResponse<byte[]> submit(String body) {
        return witness.send(
                witness.request("/witness/add-checkpoint")
                        .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private void requireCosigned(SignedCheckpoint checkpoint, HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        SignedCheckpoint cosigned =
                checkpoint.with(List.of(Note.Line.parse(text(response).stripTrailing())));
        assertThat(cosigned.find(witnessKey)).isPresent();
    }

    @Test
    void treesThatContinueEachOtherAreCosigned() {
        SignedCheckpoint first = grow(5);
        requireCosigned(first, submit(0, first));
        requireCosigned(first, submit(5, first));
        SignedCheckpoint second = grow(300);
        requireCosigned(second, submit(5, second));

        HttpResponse<byte[]> late = submit(5, second);
        assertThat(late.statusCode()).isEqualTo(409);
        assertThat(late.headers().firstValue("Content-Type")).contains("text/x.tlog.size");
        assertThat(text(late)).isEqualTo("305\n");
    }

    @Test
    void aTreeThatWasRewrittenIsNot() {
        SignedCheckpoint first = grow(5);
        requireCosigned(first, submit(0, first));
        Hash another = Hash.leaf(new byte[7]);
        assertThat(submit(5, List.of(), signed(5, another, log)).statusCode()).isEqualTo(409);
        assertThat(submit(5, List.of(another), signed(9, another, log)).statusCode())
                .isEqualTo(422);
        SignedCheckpoint second = grow(2);
        requireCosigned(second, submit(5, second));
    }

    @Test
    void logsAndKeysThatAreNotConfiguredAreRefused() {
        SignedCheckpoint first = grow(5);
        NoteSigner stranger =
                new NoteSigner(
                        ORIGIN,
                        NoteKey.Kind.ED25519,
                        new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519)));
        NoteSigner unknown =
                new NoteSigner(
                        "other.example.com/log",
                        NoteKey.Kind.ED25519,
                        new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519)));
        Hash root = first.checkpoint().root();
        TestRegistry.assertProblem(
                submit(0, signed(5, root, stranger)), 403, "checkpoint-unsigned", "configured");
        TestRegistry.assertProblem(
                submit(0, signed(5, root, unknown)), 404, "log-unknown", "witness.logs");
        for (String malformed :
                List.of(
                        "",
                        "old 0\n",
                        "old 00\n\n" + first,
                        "old 6\n\n" + first,
                        "old 0\nhash\n\n" + first,
                        "old 0\n\n" + first.toString().replace("log", "\u0000"),
                        "old 0\n" + (Hash.empty() + "\n").repeat(64) + "\n" + first)) {
            TestRegistry.assertProblem(
                    submit(malformed), 400, "checkpoint-malformed", "old <size>");
        }
        try (TestRegistry none = TestRegistry.start()) {
            assertThat(
                            none.send(
                                            none.request("/witness/add-checkpoint")
                                                    .POST(
                                                            HttpRequest.BodyPublishers.ofString(
                                                                    "old 0\n\n" + first)))
                                    .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void oneRegistryHasItsLogWitnessedByAnother() {
        NoteSigner others =
                new NoteSigner(
                        witness.server().trust().log().origin(),
                        NoteKey.Kind.ED25519,
                        witness.server().trust().log().ed25519());
        Path key = folder.resolve("second.pem");
        KeyFiles.writePem(key, pair, Optional.empty());
        try (TestRegistry watching =
                        TestRegistry.start(
                                Map.of(
                                        "MODUNEST_WITNESS_NAME", NAME,
                                        "MODUNEST_WITNESS_KEY_FILE", key.toString(),
                                        "MODUNEST_WITNESS_LOGS_OTHER_KEY", others.key().vkey()));
                TestRegistry watched =
                        TestRegistry.start(
                                Map.of(
                                        "MODUNEST_WITNESSES_OF_FIRST_URL",
                                        watching.uri("/witness/").toString(),
                                        "MODUNEST_WITNESSES_OF_FIRST_KEY",
                                        witnessKey.vkey(),
                                        "MODUNEST_WITNESSES_QUORUM",
                                        "1"))) {
            for (int i = 0; i < 3; i++) {
                watched.published("acme/watched@1." + i + ".0");
            }
            SignedCheckpoint head =
                    SignedCheckpoint.parse(
                            text(
                                    watched.get(
                                            "/"
                                                    + others.key()
                                                            .name()
                                                            .replaceFirst("^[^/]*/", "")
                                                    + "/checkpoint")));
            assertThat(head.checkpoint().size()).isEqualTo(5);
            assertThat(head.find(witnessKey)).isPresent();
            assertThat(watching.rows("witnessed_logs")).isEqualTo(1);
        }
    }

    @Test
    void withoutItsQuorumALogPublishesNothing() {
        try (TestRegistry lonely =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_WITNESSES_OF_FIRST_URL",
                                witness.uri("/nowhere").toString(),
                                "MODUNEST_WITNESSES_OF_FIRST_KEY",
                                witnessKey.vkey(),
                                "MODUNEST_WITNESSES_QUORUM",
                                "1",
                                "MODUNEST_TRANSPARENCY_ANSWER_WITHIN",
                                "300ms"))) {
            HttpResponse<byte[]> answer =
                    lonely.publish(
                            "acme/lonely@1.0.0",
                            TestJars.library("acme/lonely@1.0.0"),
                            "Idempotency-Key",
                            "one");
            TestRegistry.assertProblem(answer, 503, "log-delayed", "same Idempotency-Key");
            assertThat(answer.headers().firstValue("Retry-After")).contains("5");
            assertThat(lonely.rows("releases")).isEqualTo(1);
        }
    }
}
