package dev.modunest.format.tuf;

import static dev.modunest.format.tuf.SimulatedRepository.NOW;
import static dev.modunest.format.tuf.SimulatedRepository.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.Signer;

import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The cases of the public conformance suite of TUF clients, and some of our own. */
class TufClientTest {

    private final SimulatedRepository repository = new SimulatedRepository();
    private final MemoryStore store = new MemoryStore();
    private Instant now = NOW;

    @BeforeEach
    void trustTheFirstRoot() {
        store.write("root", repository.file("root"));
        repository.fetched.clear();
    }

    private TrustedTargets refresh() throws TufException {
        return new TufClient(store, repository, () -> now, TufLimits.DEFAULT).refresh();
    }

    private AbstractThrowableAssert<?, ?> assertRefused(TufProblem problem, String role) {
        return assertThatThrownBy(this::refresh)
                .isInstanceOfSatisfying(
                        TufException.class,
                        refused -> {
                            assertThat(refused.problem()).isEqualTo(problem);
                            assertThat(refused.role()).isEqualTo(role);
                        });
    }

    private void assertKept(long root, long timestamp, long snapshot, long targets) {
        assertThat(
                        List.of(
                                store.version("root"),
                                store.version("timestamp"),
                                store.version("snapshot"),
                                store.version("targets")))
                .containsExactly(root, timestamp, snapshot, targets);
    }

    private static void change(SimulatedRepository repository, String role) {
        repository.role(role).put("x-changed", true);
    }

    @Test
    void asksForWhatTheWorkflowNamesAndKeepsItByteForByte() throws TufException {
        TrustedTargets state = refresh();
        assertThat(repository.fetched)
                .containsExactly(
                        "2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json");
        for (String role : List.of("root", "timestamp", "snapshot", "targets")) {
            assertThat(store.documents.get(role)).isEqualTo(repository.file(role));
        }
        assertThat(state.rootVersion()).isEqualTo(1);
        assertThat(state.timestampVersion()).isEqualTo(1);
        assertThat(state.snapshotVersion()).isEqualTo(1);
    }

    @Test
    void doesNotReadAgainWhatIsKept() throws TufException {
        refresh();
        repository.fetched.clear();
        refresh();
        assertThat(repository.fetched).containsExactly("2.root.json", "timestamp.json");
    }

    @Test
    void keepsWhatTheRepositorySendsAsItIs() throws TufException {
        byte[] document = repository.file("timestamp");
        byte[] spaced = Arrays.copyOf(document, document.length + 1);
        spaced[document.length] = ' ';
        repository.files.put("timestamp.json", spaced);
        refresh();
        assertThat(store.documents.get("timestamp")).isEqualTo(spaced);
    }

    @Test
    void needsATrustedRootAndAsksNothingWithoutOne() {
        store.documents.clear();
        assertRefused(TufProblem.UNAVAILABLE, "root");
        store.write("root", "{}".getBytes(StandardCharsets.UTF_8));
        assertRefused(TufProblem.MALFORMED, "root");
        repository.signers.put("root", List.of(signer()));
        repository.republish("root");
        store.write("root", repository.file("root"));
        assertRefused(TufProblem.THRESHOLD, "root");
        assertThat(repository.fetched).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "root,      1, 0, 0, 0",
        "timestamp, 2, 0, 0, 0",
        "snapshot,  2, 2, 0, 0",
        "targets,   2, 2, 2, 0"
    })
    void refusesWhatTheRolesKeysDidNotSign(
            String role, long root, long timestamp, long snapshot, long targets) {
        repository.signers.put(role, List.of(signer()));
        repository.publish("root", "targets", "snapshot", "timestamp");
        assertRefused(TufProblem.THRESHOLD, role);
        assertKept(root, timestamp, snapshot, targets);
    }

    @ParameterizedTest
    @CsvSource({"root, 1, 0, 0", "snapshot, 2, 2, 0", "targets, 2, 2, 2"})
    void refusesAVersionThatIsNotTheOneOfItsName(
            String role, long root, long timestamp, long snapshot) {
        repository.publish("root", "targets", "snapshot", "timestamp");
        String path = repository.path(role);
        repository.role(role).put("version", 3);
        repository.put(role);
        byte[] third = repository.file(role);
        repository.files.remove(repository.path(role));
        repository.files.put(path, third);
        assertRefused(TufProblem.BAD_VERSION, role);
        assertKept(root, timestamp, snapshot, 0);
    }

    @Test
    void refusesARootThatIsNotNewer() {
        repository.files.put("2.root.json", repository.file("root"));
        assertRefused(TufProblem.ROLLBACK, "root");
    }

    @Test
    void goesThroughExpiredRootsToOneThatIsNot() throws TufException {
        repository.expire("root", NOW.minusSeconds(1));
        repository.publish("root");
        repository.expire("root", NOW.plusSeconds(1));
        repository.publish("root");
        refresh();
        assertKept(3, 1, 1, 1);
    }

    @Test
    void refusesAnExpiredLastRootAndKeepsIt() throws TufException {
        refresh();
        repository.expire("root", NOW);
        repository.publish("root");
        repository.publish("targets", "snapshot", "timestamp");
        assertRefused(TufProblem.METADATA_STALE, "root");
        assertKept(2, 1, 1, 1);
    }

    @Test
    void takesNoMoreNewRootsThanTheBound() throws TufException {
        for (int i = 0; i < 5; i++) {
            repository.publish("root");
        }
        TufLimits three = new TufLimits(50_000, 50_000, 50_000, 50_000, 50_000, 3, 32);
        new TufClient(store, repository, () -> now, three).refresh();
        assertThat(store.version("root")).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"timestamp, 1, 1, 1", "snapshot, 2, 1, 1", "targets, 2, 2, 1"})
    void refusesWhatHasExpired(String role, long timestamp, long snapshot, long targets)
            throws TufException {
        refresh();
        repository.expire(role, NOW);
        repository.publish("targets", "snapshot", "timestamp");
        assertRefused(TufProblem.METADATA_STALE, role);
        assertKept(1, timestamp, snapshot, targets);
    }

    @Test
    void refusesAFrozenRepositoryWhenWhatIsKeptExpires() throws TufException {
        refresh();
        now = NOW.plus(Duration.ofDays(30));
        repository.expire("root", now.plusSeconds(60));
        repository.publish("root");
        assertRefused(TufProblem.METADATA_STALE, "timestamp");
    }

    @Test
    void updatesFromWhatIsKeptAndExpired() throws TufException {
        repository.expire("timestamp", NOW.plus(Duration.ofDays(7)));
        repository.publish("timestamp");
        refresh();
        repository.expire("timestamp", NOW.plus(Duration.ofDays(21)));
        repository.publish("targets", "snapshot", "timestamp");
        now = NOW.plus(Duration.ofDays(18));
        refresh();
        assertKept(1, 3, 2, 2);
    }

    @Test
    void anExpiredTimestampStillProtectsFromAnOlderOne() throws TufException {
        repository.publish("timestamp");
        repository.expire("timestamp", NOW.plusSeconds(5));
        repository.publish("timestamp");
        refresh();
        now = NOW.plusSeconds(10);
        repository.expire("timestamp", NOW.plusSeconds(100));
        repository.role("timestamp").put("version", 2);
        repository.put("timestamp");
        assertRefused(TufProblem.ROLLBACK, "timestamp");
    }

    @Test
    void refusesAnOlderTimestamp() throws TufException {
        repository.publish("timestamp");
        refresh();
        repository.role("timestamp").put("version", 1);
        repository.put("timestamp");
        assertRefused(TufProblem.ROLLBACK, "timestamp");
        assertKept(1, 2, 1, 1);
    }

    @Test
    void staysWithTheTimestampThatItHasWhenAnotherHasItsVersion() throws TufException {
        refresh();
        repository.metaOf("timestamp", "snapshot").put("version", 100);
        repository.put("timestamp");
        byte[] before = store.documents.get("timestamp");
        refresh();
        assertThat(store.documents.get("timestamp")).isEqualTo(before);
        assertThat(repository.fetched.getLast()).isEqualTo("timestamp.json");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesATimestampThatNamesAnOlderSnapshot(boolean withHashes) throws TufException {
        repository.withHashes = withHashes;
        repository.publish("snapshot", "timestamp");
        refresh();
        repository.role("snapshot").put("version", 1);
        repository.publish("timestamp");
        assertRefused(TufProblem.ROLLBACK, "snapshot");
        assertKept(1, 2, 2, 1);
        assertThat(repository.fetched.getLast()).isEqualTo("timestamp.json");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesASnapshotThatNamesOlderTargets(boolean withHashes) throws TufException {
        repository.withHashes = withHashes;
        repository.publish("targets", "snapshot", "timestamp");
        refresh();
        repository.role("targets").put("version", 0);
        repository.publish("targets", "snapshot", "timestamp");
        assertRefused(TufProblem.ROLLBACK, "snapshot");
        assertKept(1, 3, 2, 2);
    }

    @Test
    void refusesASnapshotThatDropsARole() throws TufException {
        repository.delegate("targets", "a", false, "*");
        repository.publish("a", "targets", "snapshot", "timestamp");
        refresh();
        repository.roles.remove("a");
        ((ObjectNode) repository.role("snapshot").get("meta")).remove("a.json");
        repository.publish("targets", "snapshot", "timestamp");
        assertRefused(TufProblem.ROLLBACK, "snapshot").hasMessageContaining("names no a any more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"snapshot", "targets"})
    void refusesAnotherHash(String role) throws TufException {
        repository.withHashes = true;
        repository.publish("targets", "snapshot", "timestamp");
        refresh();
        change(repository, role);
        repository.publish("targets", "snapshot", "timestamp");
        change(repository, role);
        repository.role(role).put("x-more", "0");
        byte[] document = repository.file(role);
        byte[] changed = document.clone();
        changed[document.length - 3]++;
        repository.files.put(repository.path(role), changed);
        assertRefused(TufProblem.BAD_HASH, role);
        repository.files.put(repository.path(role), Arrays.copyOf(document, 40));
        assertRefused(TufProblem.BAD_LENGTH, role);
        repository.files.put(repository.path(role), document);
        refresh();
        assertKept(1, 3, 3, 3);
    }

    @Test
    void refusesAHashOfNoKnownKind() {
        repository.withHashes = true;
        repository.publish("snapshot", "timestamp");
        repository.metaOf("timestamp", "snapshot").putObject("hashes").put("md5", "0");
        repository.put("timestamp");
        assertRefused(TufProblem.MALFORMED, "timestamp");
    }

    @ParameterizedTest
    @CsvSource({"timestamp, 1, 1, 1", "snapshot, 2, 1, 1", "targets, 2, 2, 1"})
    void tellsWhatIsMissing(String role, long timestamp, long snapshot, long targets)
            throws TufException {
        refresh();
        repository.publish("targets", "snapshot", "timestamp");
        repository.files.remove(repository.path(role));
        assertRefused(TufProblem.UNAVAILABLE, role);
        assertKept(1, timestamp, snapshot, targets);
    }

    @Test
    void doesNotTakeMoreBytesThanTheBoundWhateverTheReaderGives() {
        TufLimits small = new TufLimits(50_000, 100, 50_000, 50_000, 50_000, 3, 32);
        TufClient client = new TufClient(store, repository, () -> now, small);
        assertThatThrownBy(client::refresh).hasMessageContaining("longer than 100 bytes");
    }

    @Test
    void tellsWhenTheRepositoryCannotBeReadAndWhenNothingCanBeKept() {
        RepositoryReader broken =
                (path, max) -> {
                    throw new IOException("reset");
                };
        assertThatThrownBy(new TufClient(store, broken, () -> now, TufLimits.DEFAULT)::refresh)
                .hasMessage("metadata-unavailable: root: 2.root.json: reset");
        MetadataStore full =
                new MetadataStore() {
                    @Override
                    public Optional<byte[]> read(String role) {
                        return store.read(role);
                    }

                    @Override
                    public void write(String role, byte[] document) throws IOException {
                        throw new IOException("disk full");
                    }

                    @Override
                    public void remove(String role) throws IOException {
                        throw new IOException("disk full");
                    }
                };
        TufClient client = new TufClient(full, repository, () -> now, TufLimits.DEFAULT);
        assertThatThrownBy(client::refresh).hasMessage("metadata-not-kept: timestamp: disk full");
        repository.rotate("timestamp");
        repository.publish("root");
        assertThatThrownBy(client::refresh).hasMessage("metadata-not-kept: timestamp: disk full");
    }

    @Test
    void refusesADocumentOfAnotherRole() {
        Signer timestamp = repository.signersOf("timestamp").getFirst();
        repository.addKey("snapshot", timestamp);
        ((ObjectNode) repository.role("snapshot").get("meta"))
                .putObject("snapshot.json")
                .put("version", 1);
        repository.publish("root", "snapshot");
        repository.files.put("timestamp.json", repository.file("snapshot"));
        assertRefused(TufProblem.MALFORMED, "timestamp");
        assertKept(2, 0, 0, 0);
    }

    @Test
    void ignoresUnknownFieldsAndVerifiesThemAll() throws TufException {
        repository.role("root").put("custom-field", "value");
        repository.inRoot("root").put("another-field", "value");
        ((ObjectNode) repository.role("root").get("keys").elements().next())
                .putObject("extra-field")
                .put("a", 1)
                .putNull("b");
        repository.publish("root");
        refresh();
        assertThat(store.version("root")).isEqualTo(2);
        ObjectNode tampered = StrictJson.object(repository.file("root"));
        ((ObjectNode) tampered.get("signed")).put("custom-field", "other").put("version", 3);
        repository.files.put("3.root.json", tampered.toString().getBytes(StandardCharsets.UTF_8));
        assertRefused(TufProblem.THRESHOLD, "root");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "rotation,                       1 / 1 / 1,             2 / 1 / 2 1,           true",
        "rotation with other signatures, 1 / 1 / 3 1 4,         2 / 1 / 3 2 1 4,       true",
        "other keys sign,                0 1 2 3 4 / 3 / 0 2 4, 0 1 2 3 4 / 3 / 0 4 1, true",
        "one key changes,                0 1 2 3 4 / 3 / 0 2 4, 0 1 3 4 5 / 3 / 0 4 1, true",
        "all keys change,                0 1 2 / 2 / 0 2,       5 6 7 / 2 / 0 2 5 6,   true",
        "a higher threshold,             1 2 3 / 1 / 1,         1 2 3 / 2 / 1 2,       true",
        "a lower threshold,              1 2 3 / 2 / 1 2,       1 2 3 / 1 / 1 2,       true",
        "not by the old key,             1 / 1 / 1,             2 / 1 / 2 3 4,         false",
        "not by the new key,             1 / 1 / 1,             2 / 1 / 1 3 4,         false",
        "too few of the new,             0 1 2 3 4 / 3 / 0 2 4, 0 1 3 4 5 / 3 / 0 2 4, false",
        "too few of the old,             0 1 2 3 4 / 3 / 0 2 4, 0 1 3 4 5 / 3 / 0 4 5, false",
        "the higher is not reached,      1 2 3 / 1 / 1,         1 2 3 / 2 / 2,         false",
        "the former is not reached,      1 2 3 / 2 / 1 2,       1 2 3 / 1 / 1,         false"
    })
    void followsARotationOfRootKeysThatBothSetsSign(
            String name, String first, String second, boolean taken) throws TufException {
        List<Signer> all = IntStream.range(0, 8).mapToObj(i -> signer()).toList();
        rekeyRoot(first, all);
        repository.republish("root");
        store.write("root", repository.file("root"));
        rekeyRoot(second, all);
        repository.publish("root");
        if (taken) {
            refresh();
            assertThat(store.version("root")).isEqualTo(2);
        } else {
            assertRefused(TufProblem.THRESHOLD, "root");
            assertThat(store.version("root")).isEqualTo(1);
        }
    }

    private void rekeyRoot(String text, List<Signer> all) {
        String[] parts = text.split(" / ", -1);
        repository.rekey(
                "root", Integer.parseInt(parts[1]), pick(parts[0], all), pick(parts[2], all));
    }

    private static List<Signer> pick(String numbers, List<Signer> all) {
        return Arrays.stream(numbers.split(" ", -1))
                .map(n -> all.get(Integer.parseInt(n)))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"timestamp", "snapshot", "targets"})
    void followsARotationOfOtherKeys(String role) throws TufException {
        refresh();
        repository.rotate(role);
        repository.publish("root", "targets", "snapshot", "timestamp");
        refresh();
        assertKept(2, 2, 2, 2);
    }

    @Test
    void recoversFromATimestampThatRanAhead() throws TufException {
        repository.role("timestamp").put("version", 99);
        repository.publish("timestamp");
        refresh();
        repository.rotate("timestamp");
        repository.publish("root");
        repository.role("timestamp").put("version", 0);
        repository.publish("timestamp");
        refresh();
        assertThat(store.version("timestamp")).isEqualTo(1);
    }

    @Test
    void recoversFromASnapshotAndTargetsThatRanAhead() throws TufException {
        repository.role("snapshot").put("version", 99_999);
        repository.role("targets").put("version", 99);
        repository.publish("targets", "snapshot", "timestamp");
        refresh();
        repository.rotate("snapshot");
        repository.rotate("timestamp");
        repository.publish("root");
        repository.role("snapshot").put("version", 0);
        repository.role("targets").put("version", 0);
        repository.publish("targets", "snapshot", "timestamp");
        refresh();
        assertThat(store.version("snapshot")).isEqualTo(1);
        assertThat(store.version("targets")).isEqualTo(1);
    }

    @Test
    void keepsTheTimestampWhileKeysAreOnlyAdded() throws TufException {
        refresh();
        repository.addKey("snapshot", signer());
        repository.threshold("snapshot", 5);
        repository.publish("root", "targets", "snapshot", "timestamp");
        assertRefused(TufProblem.THRESHOLD, "snapshot");
        assertKept(2, 2, 1, 1);
    }

    @Test
    void countsOneKeyOnceWhateverItsIds() {
        Signer one = signer();
        repository.rekey("snapshot", 2, List.of(one), List.of(one));
        MetadataKey key = MetadataKey.of(one.key());
        ((ObjectNode) repository.role("root").get("keys")).set("other", key.json());
        ((ArrayNode) repository.inRoot("snapshot").get("keyids")).add("other");
        repository.publish("root", "snapshot", "timestamp");
        ObjectNode document = StrictJson.object(repository.file("snapshot"));
        ObjectNode again = document.withArray("signatures").addObject();
        again.put("keyid", "other");
        again.set("sig", document.path("signatures").get(0).get("sig"));
        repository.files.put(
                repository.path("snapshot"), document.toString().getBytes(StandardCharsets.UTF_8));
        assertRefused(TufProblem.THRESHOLD, "snapshot");
    }

    @Test
    void refusesTwoSignaturesOfOneKeyId() {
        ObjectNode document = StrictJson.object(repository.file("snapshot"));
        document.withArray("signatures").add(document.path("signatures").get(0));
        repository.files.put(
                repository.path("snapshot"), document.toString().getBytes(StandardCharsets.UTF_8));
        assertRefused(TufProblem.MALFORMED, "snapshot");
    }

    @Test
    void refusesAKeyIdTwiceInARole() {
        ArrayNode ids = (ArrayNode) repository.inRoot("snapshot").get("keyids");
        ids.add(ids.get(0).asText());
        repository.publish("root");
        assertRefused(TufProblem.MALFORMED, "root");
    }

    @Test
    void readsARepositoryWithoutConsistentSnapshots() throws TufException {
        repository.role("root").remove("consistent_snapshot");
        repository.addTarget("targets", "a.txt", "text");
        repository.publish("root", "targets", "snapshot", "timestamp");
        repository.files.put("snapshot.json", repository.file("snapshot"));
        repository.files.put("targets.json", repository.file("targets"));
        repository.files.put("a.txt", "text".getBytes(StandardCharsets.UTF_8));
        TrustedTargets state = refresh();
        assertThat(repository.fetched).contains("snapshot.json", "targets.json");
        assertThat(state.download(state.get("a.txt"), repository)).asString().isEqualTo("text");
    }

    @Test
    void whatIsKeptDoesWithoutARepositoryInsideTheGrace() throws TufException {
        repository.delegate("targets", "a", false, "*");
        repository.addTarget("a", "x", "text");
        repository.expire("timestamp", NOW.plus(Duration.ofDays(1)));
        repository.publish("a", "targets", "snapshot", "timestamp");
        refresh().get("x");
        repository.fetched.clear();
        now = NOW.plus(Duration.ofDays(1));
        TufClient client = new TufClient(store, repository, () -> now, TufLimits.DEFAULT);
        assertThatThrownBy(() -> client.kept(Duration.ZERO))
                .hasMessageStartingWith("metadata-stale: timestamp: version 2 expired");
        assertThat(client.kept(Duration.ofHours(24)).get("x").length()).isEqualTo(4);
        now = NOW.plus(Duration.ofDays(31));
        assertThatThrownBy(() -> client.kept(Duration.ofDays(1)))
                .hasMessageStartingWith("metadata-stale: root");
        assertThat(repository.fetched).isEmpty();
    }

    @Test
    void whatIsKeptTellsWhatIsWrongWithIt() throws TufException {
        repository.expire("snapshot", NOW.plusSeconds(9));
        repository.publish("snapshot", "timestamp");
        refresh();
        TufClient client = new TufClient(store, repository, () -> now, TufLimits.DEFAULT);
        now = NOW.plusSeconds(9);
        assertThatThrownBy(() -> client.kept(Duration.ZERO))
                .hasMessageStartingWith("metadata-stale: snapshot");
        now = NOW;
        store.remove("targets");
        assertThatThrownBy(() -> client.kept(Duration.ZERO))
                .hasMessage("metadata-unavailable: targets: 1.targets.json is missing");
        store.remove("timestamp");
        assertThatThrownBy(() -> client.kept(Duration.ZERO))
                .hasMessage("metadata-unavailable: timestamp: none is kept");
    }

    @Test
    void rejectsLimitsOfZero() {
        List<TufLimits> none = new ArrayList<>();
        assertThatThrownBy(() -> none.add(new TufLimits(1, 1, 1, 1, 1, 1, 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
