package dev.modunest.format.tuf.write;

import static dev.modunest.format.tuf.write.TestRepository.bytes;
import static dev.modunest.format.tuf.write.TestRepository.sign;
import static dev.modunest.format.tuf.write.TestRepository.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.PluginId;
import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.TargetsMetadata;
import dev.modunest.format.tuf.TufException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

class RepositoryWriterTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String CSV = Layout.indexTarget(PluginId.parse("acme/csv"));
    private static final String PDF = Layout.indexTarget(PluginId.parse("acme/pdf"));

    private final TestRepository repository = new TestRepository(NOW);

    private Batch publish(TargetChange... changes) throws IOException {
        return repository.writer().publish(repository.state, List.of(changes), repository);
    }

    private static TargetChange put(String path, String text) {
        return new TargetChange.Put(path, bytes(text));
    }

    @Test
    void aHostFindsEveryKindOfTarget() throws IOException, TufException {
        repository.apply(publish(put(CSV, "csv 1"), put(PDF, "pdf 1")));
        assertThat(repository.download(CSV)).isEqualTo("csv 1");
        assertThat(repository.download(PDF)).isEqualTo("pdf 1");
        assertThat(repository.download(Layout.TRUSTED_ROOT)).isEqualTo("{\"trusted\":\"root\"}");
        assertThat(repository.download(Layout.REVOKED)).isEqualTo("{\"revoked\":[]}");
        assertThat(repository.refresh().find("index/acme/none.json")).isEmpty();
    }

    @Test
    void writesContentsThenBinsThenSnapshotThenTimestamp() throws IOException, TufException {
        Batch batch = publish(put(CSV, "csv 1"), put(PDF, "pdf 1"));
        assertThat(batch.files())
                .extracting(RepositoryFile::path)
                .satisfiesExactly(
                        path ->
                                assertThat(path)
                                        .matches("targets/index/acme/[0-9a-f]{64}.(csv|pdf).json"),
                        path ->
                                assertThat(path)
                                        .matches("targets/index/acme/[0-9a-f]{64}.(csv|pdf).json"),
                        path -> assertThat(path).matches("2.bin-[0-9a-f]{2}.json"),
                        path -> assertThat(path).matches("2.bin-[0-9a-f]{2}.json"),
                        path -> assertThat(path).isEqualTo("2.snapshot.json"),
                        path -> assertThat(path).isEqualTo("timestamp.json"));
        for (RepositoryFile file : batch.files()) {
            assertThatThrownBy(() -> repository.download(CSV))
                    .isInstanceOf(TufException.class)
                    .hasMessageStartingWith("no-target");
            repository.write(file);
        }
        assertThat(repository.download(CSV)).isEqualTo("csv 1");
        assertThat(batch.files().getFirst()).asString().endsWith(".json, 5 bytes");
    }

    @Test
    void changesAndRemovesTargetsOfABin() throws IOException, TufException {
        repository.apply(publish(put(CSV, "csv 1")));
        repository.apply(publish(put(CSV, "csv 2")));
        assertThat(repository.download(CSV)).isEqualTo("csv 2");
        assertThat(publish(put(CSV, "csv 2")).isEmpty()).isTrue();
        assertThat(publish(new TargetChange.Remove(PDF)).files()).isEmpty();
        repository.apply(publish(new TargetChange.Remove(CSV)));
        assertThat(repository.refresh().find(CSV)).isEmpty();
    }

    @Test
    void signsAgainOnlyWhatIsDue() throws IOException, TufException {
        repository.apply(publish(put(CSV, "csv 1")));
        assertThat(repository.writer().renew(repository.state, 32, repository).isEmpty()).isTrue();
        repository.now = NOW.plus(Duration.ofMinutes(10));
        Batch timestamp = repository.writer().renew(repository.state, 32, repository);
        assertThat(timestamp.files())
                .extracting(RepositoryFile::path)
                .containsExactly("timestamp.json");
        repository.apply(timestamp);
        repository.now = NOW.plus(Duration.ofHours(12));
        Batch bins = repository.writer().renew(repository.state, 100, repository);
        assertThat(bins.files()).hasSize(1 + 100 + 2);
        assertThat(bins.files().getFirst().path()).isEqualTo("2.bins.json");
        repository.apply(bins);
        repository.apply(repository.writer().renew(repository.state, 300, repository));
        assertThat(repository.writer().renew(repository.state, 300, repository).isEmpty()).isTrue();
        repository.now = NOW.plus(Duration.ofHours(35));
        assertThat(repository.download(CSV)).isEqualTo("csv 1");
    }

    @Test
    void signsASnapshotAgainThatNobodyChanged() throws IOException {
        repository.apply(repository.writer().resign(repository.state));
        repository.now = NOW.plus(Duration.ofHours(12));
        repository.apply(repository.writer().renew(repository.state, 300, repository));
        RepositoryState fresh = repository.state;
        RepositoryState old =
                new RepositoryState(
                        fresh.timestamp(),
                        new RoleState(
                                fresh.snapshot().version(),
                                fresh.snapshot().used(),
                                NOW.plus(Duration.ofDays(1))),
                        fresh.roles());
        assertThat(repository.writer().renew(old, 300, repository).files())
                .extracting(RepositoryFile::path)
                .containsExactly("4.snapshot.json", "timestamp.json");
    }

    @Test
    void theStateIsRecoveredFromTheFiles() throws IOException {
        RepositoryRecovery recovery = new RepositoryRecovery(repository, repository.online);
        repository.apply(publish(put(CSV, "csv 1"), put(PDF, "pdf 1")));
        assertThat(recovery.recover()).contains(repository.state);
        RepositoryRecovery nothing =
                new RepositoryRecovery((path, max) -> Optional.empty(), repository.online);
        assertThat(nothing.recover()).isEmpty();
    }

    @Test
    void noStateIsRecoveredFromFilesThatAreNotRight() {
        RepositoryRecovery recovery = new RepositoryRecovery(repository, repository.online);
        byte[] bin = repository.file("1.bin-7f.json");
        repository.put("1.bin-7f.json", bytes("{}"));
        assertThatThrownBy(recovery::recover).hasMessage("1.bin-7f.json is malformed");
        repository.put("1.bin-7f.json", bin);
        repository.put("timestamp.json", repository.file("1.snapshot.json"));
        assertThatThrownBy(recovery::recover)
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("timestamp.json is not signed by key");
    }

    @Test
    void numbersOfABrokenBatchAreNotUsedAgain() throws IOException, TufException {
        Batch broken = publish(put(CSV, "lost"));
        broken.files().subList(0, 3).forEach(repository::write);
        String bin = broken.files().get(1).path();
        String snapshot = broken.files().get(2).path();
        RepositoryState failed = repository.state.afterFailure(broken.next());
        RepositoryState recovered =
                new RepositoryRecovery(repository, repository.online).recover().orElseThrow();
        assertThat(recovered.roles()).isEqualTo(failed.roles());
        assertThat(recovered.snapshot()).isEqualTo(failed.snapshot());
        repository.state = failed;
        Batch next = publish(put(CSV, "kept"));
        assertThat(next.files())
                .extracting(RepositoryFile::path)
                .doesNotContain(bin, snapshot)
                .contains(bin.replace("2.", "3."), "3.snapshot.json");
        repository.apply(next);
        assertThat(repository.download(CSV)).isEqualTo("kept");
    }

    @Test
    void makesNewTargetsAndRevocationsPublic() throws TufException {
        byte[] revoked = bytes("{\"revoked\":[\"x\"]}");
        SignedDocument second = repository.revocationsWriter().sign(2, revoked);
        repository.write(RevocationsWriter.content(revoked));
        TargetsMetadata targets = TargetsMetadata.of(repository.targets(1));
        Batch batch =
                repository
                        .writer()
                        .adopt(
                                repository.state,
                                Layout.REVOCATIONS,
                                second,
                                targets.delegations()
                                        .flatMap(d -> d.keysOf(Layout.REVOCATIONS))
                                        .orElseThrow());
        assertThat(batch.files())
                .extracting(RepositoryFile::path)
                .containsExactly("2.revocations.json", "2.snapshot.json", "timestamp.json");
        repository.apply(batch);
        assertThat(repository.download(Layout.REVOKED)).isEqualTo("{\"revoked\":[\"x\"]}");
        repository.apply(
                repository
                        .writer()
                        .adopt(
                                repository.state,
                                "targets",
                                repository.targets(2),
                                repository.targetsKeys()));
        assertThat(repository.download(Layout.TRUSTED_ROOT)).isNotEmpty();
    }

    @Test
    void makesNothingPublicThatIsOldOrNotSigned() {
        RepositoryWriter writer = repository.writer();
        assertThatThrownBy(
                        () ->
                                writer.adopt(
                                        repository.state,
                                        "targets",
                                        repository.targets(1),
                                        repository.targetsKeys()))
                .hasMessage("targets has version 1, and 1 is public");
        assertThatThrownBy(
                        () ->
                                writer.adopt(
                                        repository.state,
                                        "targets",
                                        repository.targets(2),
                                        RootKeys.single(signer().key())))
                .hasMessage("targets is signed by 0 of its keys, and 1 must");
        assertThatThrownBy(
                        () ->
                                writer.adopt(
                                        repository.state,
                                        "other",
                                        repository.targets(2),
                                        repository.targetsKeys()))
                .hasMessage("the repository has no role other");
    }

    @Test
    void signsNothingThatWasChangedInTheStore() throws IOException {
        repository.apply(publish(put(CSV, "csv 1")));
        String path = publish(put(CSV, "csv 2")).files().get(1).path().replace("3.", "2.");
        byte[] good = repository.file(path);
        byte[] forged =
                new String(good, StandardCharsets.UTF_8)
                        .replace("\"length\":5", "\"length\":6")
                        .getBytes(StandardCharsets.UTF_8);
        repository.put(path, forged);
        assertThatThrownBy(() -> publish(put(CSV, "csv 2")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(path + " is not signed by key ");
        repository.put(path, repository.file(path.replace("2.", "1.")));
        assertThatThrownBy(() -> publish(put(CSV, "csv 2"))).hasMessage(path + " has version 1");
        repository.put(path, bytes("garbage"));
        assertThatThrownBy(() -> publish(put(CSV, "csv 2"))).hasMessage(path + " is malformed");
        repository.files.remove(path);
        assertThatThrownBy(() -> publish(put(CSV, "csv 2"))).hasMessage(path + " is missing");
    }

    @Test
    void rotatesTheOnlineKeys() throws IOException, TufException {
        repository.apply(publish(put(CSV, "csv 1")));
        repository.refresh();
        OnlineSigners before = repository.online;
        repository.online = new OnlineSigners(signer(), signer(), signer());
        SignedDocument root =
                sign(
                        TufDocuments.root(2, NOW.plus(Duration.ofDays(365)), repository.rootKeys()),
                        repository.root.subList(0, 3));
        assertThat(
                        RootCeremony.signatures(
                                Optional.of(SignedDocument.parse(repository.file("1.root.json"))),
                                root))
                .allMatch(RootCeremony.Signatures::enough)
                .extracting(RootCeremony.Signatures::toString)
                .containsExactly(
                        "keys of the root before: 3 of 3 signatures",
                        "keys of this root: 3 of 3 signatures");
        repository.put(RolePath.of("root", 2), root.bytes());
        repository.apply(
                repository
                        .writer()
                        .rotateBins(
                                repository.state,
                                repository.targets(2),
                                repository.targetsKeys(),
                                RootKeys.single(before.bins().key()),
                                repository));
        assertThat(repository.download(CSV)).isEqualTo("csv 1");
        assertThat(repository.rootMetadata(2)).isEqualTo(RootMetadata.of(root)).isNotNull();
    }

    @Test
    void aRootIsTheNextAndSignedByBothSets() {
        SignedDocument first = SignedDocument.parse(repository.file("1.root.json"));
        SignedDocument third = TufDocuments.root(3, NOW, repository.rootKeys());
        assertThatThrownBy(() -> RootCeremony.signatures(Optional.of(first), third))
                .hasMessage("the draft has version 3, and 2 is next");
        SignedDocument unsigned = TufDocuments.root(1, NOW, repository.rootKeys());
        assertThat(RootCeremony.signatures(Optional.empty(), unsigned))
                .noneMatch(RootCeremony.Signatures::enough)
                .hasSize(1);
    }

    @Test
    void keysOfARoleAreEnoughAndDifferent() {
        assertThatThrownBy(
                        () ->
                                new RootKeys(
                                        RootKeys.of(3, List.of(signer().key())),
                                        repository.targetsKeys(),
                                        repository.targetsKeys(),
                                        repository.targetsKeys()))
                .hasMessage("root has 1 different keys of 1, and 3 must sign");
        assertThatThrownBy(() -> new SigningTerms.Term(Duration.ofDays(1), Duration.ofDays(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RoleState(2, 1, NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
