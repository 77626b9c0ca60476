package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Database;
import dev.modunest.db.trust.LeafKind;
import dev.modunest.db.trust.LogShard;
import dev.modunest.db.trust.LogShard.TreeHead;
import dev.modunest.db.trust.NewLeaf;
import dev.modunest.format.CanonicalJson;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.log.ConsistencyProof;
import dev.modunest.format.log.EntryBundle;
import dev.modunest.format.log.Hash;
import dev.modunest.format.log.HashTile;
import dev.modunest.format.log.InclusionProof;
import dev.modunest.format.log.LogProof;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.log.TilePath;
import dev.modunest.format.log.TiledNodes;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.artifact.StoredObject.ReleaseFile;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.transparency.LogKeys;
import dev.modunest.server.transparency.Transparency;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** The writer of the log between Postgres and S3. */
class TransparencyIT {

    private static final String SHARD = "2026";
    private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
    private static final LogKeys KEYS =
            LogKeys.of(
                    "registry.example.com/log/2026",
                    signer(SignatureAlgorithm.ED25519),
                    signer(SignatureAlgorithm.ECDSA_P256),
                    signer(SignatureAlgorithm.ML_DSA_44));

    private final String url = TestBackends.newDatabase();
    private final String bucket = "log-" + UUID.randomUUID();
    private BreakableProxy storage;
    private Database database;
    private ArtifactStore store;

    private static KeyPairSigner signer(SignatureAlgorithm algorithm) {
        return new KeyPairSigner(KeyPairSigner.generate(algorithm));
    }

    @BeforeEach
    void open() throws IOException {
        storage = new BreakableProxy(TestBackends.s3Endpoint());
        ServerConfig config = config(Map.of());
        database = Database.open(config.database());
        store = ArtifactStore.open(config.s3());
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        database.close();
        storage.close();
    }

    private ServerConfig config(Map<String, String> more) {
        Map<String, String> settings =
                new HashMap<>(
                        Map.of(
                                "MODUNEST_DATABASE_URL",
                                url,
                                "MODUNEST_DATABASE_USER",
                                "postgres",
                                "MODUNEST_DATABASE_PASSWORD",
                                "postgres",
                                "MODUNEST_S3_ENDPOINT",
                                storage.uri().toString(),
                                "MODUNEST_S3_BUCKET",
                                bucket,
                                "MODUNEST_S3_ACCESS_KEY",
                                TestBackends.ACCESS_KEY,
                                "MODUNEST_S3_SECRET_KEY",
                                TestBackends.SECRET_KEY,
                                "MODUNEST_S3_MAX_ATTEMPTS",
                                "1"));
        settings.putAll(more);
        return Settings.read(ServerConfig.class, Optional.empty(), settings);
    }

    private Transparency log(Map<String, String> more) {
        ServerConfig config = config(more);
        Metrics metrics = new Metrics();
        InstantSource clock = InstantSource.fixed(NOW);
        return new Transparency(
                new Transparency.Config(
                        config.transparency(), config.witnesses(), config.database()),
                KEYS,
                leaf("genesis", LeafKind.GENESIS),
                database,
                store,
                new Jobs(metrics, clock),
                metrics,
                clock);
    }

    private static NewLeaf leaf(String text, LeafKind kind) {
        byte[] payload = ("payload of " + text).getBytes(StandardCharsets.UTF_8);
        String bundle =
                "{\"dsseEnvelope\":{\"payload\":\""
                        + Base64.getEncoder().encodeToString(payload)
                        + "\"},\"verificationMaterial\":{}}";
        Optional<Coordinate> release =
                kind == LeafKind.PUBLISHER || kind == LeafKind.REGISTRY
                        ? Optional.of(Coordinate.parse("acme/markdown@" + text))
                        : Optional.empty();
        return new NewLeaf(
                kind,
                text.getBytes(StandardCharsets.UTF_8),
                bundle,
                Digest.ofBytes(payload),
                release,
                NOW);
    }

    private NewLeaf append(Transparency log, NewLeaf... leaves) {
        database.<Boolean>inTransaction(
                tx -> {
                    List.of(leaves).forEach(leaf -> log.append(tx, leaf));
                    return true;
                });
        return leaves[leaves.length - 1];
    }

    private LogShard shard() {
        return database.read(tx -> tx.log().get(SHARD));
    }

    private SignedCheckpoint checkpoint() {
        return SignedCheckpoint.parse(shard().checkpoint().orElseThrow());
    }

    private HashTile tile(TilePath path) {
        return HashTile.parse(path, store.get(new StoredObject.Tile(SHARD, path)).orElseThrow());
    }

    private List<byte[]> entries(long size) {
        List<byte[]> entries = new ArrayList<>();
        for (long first = 0; first < size; first += 256) {
            TilePath path =
                    new TilePath(TilePath.ENTRIES, first / 256, (int) Math.min(256, size - first));
            entries.addAll(
                    EntryBundle.read(
                            store.get(new StoredObject.Tile(SHARD, path)).orElseThrow(),
                            path.width()));
        }
        return entries;
    }

    @Test
    void whatIsAppendedIsPublishedWithAllThatOthersNeedToCheckIt() {
        try (Transparency log = log(Map.of())) {
            NewLeaf publisher = leaf("1.0.0", LeafKind.PUBLISHER);
            NewLeaf registry = leaf("1.0.0", LeafKind.REGISTRY);
            log.awaitPublished(append(log, publisher, registry));

            SignedCheckpoint checkpoint = checkpoint();
            assertThat(checkpoint.checkpoint().size()).isEqualTo(3);
            assertThat(checkpoint.checkpoint().origin()).isEqualTo("registry.example.com/log/2026");
            for (var signer : List.of(KEYS.ed25519(), KEYS.ecdsa(), KEYS.mlDsa())) {
                assertThat(checkpoint.find(signer.key())).isPresent();
            }
            assertThat(entries(3).stream().map(String::new))
                    .containsExactly("genesis", "1.0.0", "1.0.0");
            assertThat(store.get(new StoredObject.LogCheckpoint(SHARD)).orElseThrow())
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(checkpoint.toString());
            Coordinate release = Coordinate.parse("acme/markdown@1.0.0");
            LogProof proof =
                    LogProof.parse(file(new ReleaseFile(release, ReleaseFile.Kind.LOG_PROOF)));
            assertThat(proof.proof().index()).isEqualTo(registry.index());
            assertThat(proof.proves("1.0.0".getBytes(StandardCharsets.UTF_8))).isTrue();
            assertThat(
                            file(
                                    new StoredObject.Statement(
                                            Digest.ofBytes(
                                                    "payload of 1.0.0"
                                                            .getBytes(StandardCharsets.UTF_8)))))
                    .isEqualTo("payload of 1.0.0");
            requireEntry(release, ReleaseFile.Kind.PUBLISHER_BUNDLE, publisher.index());
            requireEntry(release, ReleaseFile.Kind.REGISTRY_BUNDLE, registry.index());
        }
    }

    private String file(StoredObject object) {
        return new String(store.get(object).orElseThrow(), StandardCharsets.UTF_8);
    }

    /** The entry of a bundle as Sigstore's verifiers read it. */
    private void requireEntry(Coordinate release, ReleaseFile.Kind kind, long index) {
        ObjectNode bundle = StrictJson.object(file(new ReleaseFile(release, kind)));
        var entry = bundle.at("/verificationMaterial/tlogEntries/0");
        byte[] body = Base64.getDecoder().decode(entry.path("canonicalizedBody").asText());
        var proof = entry.path("inclusionProof");
        List<Hash> path = new ArrayList<>();
        proof.path("hashes").forEach(hash -> path.add(Hash.parse(hash.asText()).orElseThrow()));
        SignedCheckpoint checkpoint =
                SignedCheckpoint.parse(proof.path("checkpoint").path("envelope").asText());
        long size = Long.parseLong(proof.path("treeSize").asText());
        assertThat(entry.path("logIndex").asText()).isEqualTo(Long.toString(index));
        assertThat(new InclusionProof(index, size, path).root(Hash.leaf(body)))
                .contains(checkpoint.checkpoint().root());
        assertThat(proof.path("rootHash").asText())
                .isEqualTo(checkpoint.checkpoint().root().base64());
        assertThat(checkpoint.note().lines()).hasSize(1);
        assertThat(checkpoint.find(KEYS.ecdsa().key())).isPresent();
        byte[] logId = Base64.getDecoder().decode(entry.path("logId").path("keyId").asText());
        String promised =
                CanonicalJson.text(
                        StrictJson.object(
                                "{\"body\":\""
                                        + entry.path("canonicalizedBody").asText()
                                        + "\",\"integratedTime\":"
                                        + entry.path("integratedTime").asText()
                                        + ",\"logID\":\""
                                        + HexFormat.of().formatHex(logId)
                                        + "\",\"logIndex\":"
                                        + index
                                        + "}"));
        assertThat(
                        KEYS.promises()
                                .key()
                                .verify(
                                        promised.getBytes(StandardCharsets.UTF_8),
                                        Base64.getDecoder()
                                                .decode(
                                                        entry.at(
                                                                        "/inclusionPromise/signedEntryTimestamp")
                                                                .asText())))
                .isTrue();
    }

    @Test
    void aLogOfManyLeavesIsWholeInItsTilesAndPartialOnesGoWhenTheyAreFull() {
        try (Transparency log = log(Map.of("MODUNEST_TRANSPARENCY_BATCH", "100"))) {
            NewLeaf[] leaves =
                    IntStream.range(0, 600)
                            .mapToObj(i -> leaf("leaf " + i, LeafKind.ACT))
                            .toArray(NewLeaf[]::new);
            List<SignedCheckpoint> heads = new ArrayList<>();
            for (int from = 0; from < 600; from += 150) {
                NewLeaf[] some = Arrays.copyOfRange(leaves, from, from + 150);
                log.awaitPublished(append(log, some));
                heads.add(checkpoint());
            }
            SignedCheckpoint last = checkpoint();
            assertThat(last.checkpoint().size()).isEqualTo(601);
            List<byte[]> entries = entries(601);
            TiledNodes nodes = new TiledNodes(601, this::tile);
            for (int index = 0; index < 601; index += 50) {
                assertThat(InclusionProof.of(index, 601, nodes).root(Hash.leaf(entries.get(index))))
                        .contains(last.checkpoint().root());
            }
            assertThat(
                            ConsistencyProof.of(heads.getFirst().checkpoint().size(), 601, nodes)
                                    .proves(
                                            heads.getFirst().checkpoint().root(),
                                            last.checkpoint().root()))
                    .isTrue();
            List<String> keys = new ArrayList<>();
            store.list().forEachRemaining(object -> keys.add(object.key()));
            assertThat(keys)
                    .contains("log/2026/tile/0/000", "log/2026/tile/0/002.p/89")
                    .contains("log/2026/tile/1/000.p/2", "log/2026/tile/entries/001")
                    .noneMatch(key -> key.startsWith("log/2026/tile/0/001.p/"))
                    .noneMatch(key -> key.startsWith("log/2026/tile/entries/000.p/"));
            assertThat(keys).allMatch(key -> StoredObject.parse(key).isPresent());
        }
    }

    @Test
    void whileTheStorageIsAwayNothingIsPublishedAndAfterwardsEverything() {
        try (Transparency log = log(Map.of("MODUNEST_TRANSPARENCY_ANSWER_WITHIN", "200ms"))) {
            log.awaitPublished(append(log, leaf("before", LeafKind.ACT)));
            storage.refuse(true);
            NewLeaf waiting = append(log, leaf("meanwhile", LeafKind.ACT));
            assertThatThrownBy(() -> log.awaitPublished(waiting))
                    .isInstanceOf(Rejection.class)
                    .hasMessageContaining("same Idempotency-Key");
            assertThat(shard().publishedSize()).isEqualTo(2);
            storage.refuse(false);
            Awaiting.until(() -> shard().publishedSize() == 3);
            log.awaitPublished(database);
        }
        assertThat(entries(3)).hasSize(3);
    }

    @Test
    void ofTwoServersOneWritesAndTheOtherTakesOver() {
        Transparency first = log(Map.of());
        first.awaitPublished(append(first, leaf("one", LeafKind.ACT)));
        try (Transparency second = log(Map.of("MODUNEST_TRANSPARENCY_MAX_INTERVAL", "50ms"))) {
            first.awaitPublished(append(second, leaf("two", LeafKind.ACT)));
            first.close();
            second.awaitPublished(append(second, leaf("three", LeafKind.ACT)));
            assertThat(checkpoint().checkpoint().size()).isEqualTo(4);
        }
    }

    @Test
    void whatWasSignedBeforeACrashIsPublishedAsItWasSigned() {
        Transparency log = log(Map.of());
        log.awaitPublished(append(log, leaf("one", LeafKind.ACT)));
        log.close();
        append(log, leaf("two", LeafKind.ACT));
        append(log, leaf("three", LeafKind.ACT));
        Hash ofThree = Hash.node(Hash.node(hash("genesis"), hash("one")), hash("two"));
        long fence = database.inTransaction(tx -> tx.log().takeOver(SHARD));
        assertThat(
                        database.<Boolean>inTransaction(
                                tx ->
                                        tx.log()
                                                .sign(
                                                        SHARD,
                                                        fence,
                                                        new TreeHead(3, ofThree.base64()))))
                .isTrue();
        try (Transparency again = log(Map.of())) {
            again.awaitPublished(database);
            assertThat(checkpoint().checkpoint().size()).isEqualTo(4);
            HashTile three = tile(new TilePath(0, 0, 3));
            assertThat(three.hashes()).hasSize(3);
        }
    }

    private static Hash hash(String entry) {
        return Hash.leaf(entry.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anotherRootThanTheOneThatWasSignedIsNeverPublished() {
        Transparency log = log(Map.of());
        log.awaitPublished(append(log, leaf("one", LeafKind.ACT)));
        log.close();
        append(log, leaf("two", LeafKind.ACT));
        long fence = database.inTransaction(tx -> tx.log().takeOver(SHARD));
        assertThat(
                        database.<Boolean>inTransaction(
                                tx ->
                                        tx.log()
                                                .sign(
                                                        SHARD,
                                                        fence,
                                                        new TreeHead(3, hash("x").base64()))))
                .isTrue();
        try (Transparency again = log(Map.of("MODUNEST_TRANSPARENCY_ANSWER_WITHIN", "300ms"))) {
            assertThatThrownBy(() -> again.awaitPublished(database)).isInstanceOf(Rejection.class);
            assertThat(shard().publishedSize()).isEqualTo(2);
            assertThat(shard().signed().root()).isEqualTo(hash("x").base64());
        }
    }

    @Test
    void tilesThatDoNotMatchTheCheckpointStopTheLog() {
        Transparency log = log(Map.of());
        log.awaitPublished(append(log, leaf("one", LeafKind.ACT)));
        log.close();
        store.put(
                new StoredObject.Tile(SHARD, new TilePath(0, 0, 2)),
                new HashTile(new TilePath(0, 0, 2), List.of(hash("a"), hash("b"))).bytes());
        append(log, leaf("two", LeafKind.ACT));
        try (Transparency again = log(Map.of("MODUNEST_TRANSPARENCY_ANSWER_WITHIN", "300ms"))) {
            assertThatThrownBy(() -> again.awaitPublished(database)).isInstanceOf(Rejection.class);
            assertThat(shard().publishedSize()).isEqualTo(2);
        }
    }
}
