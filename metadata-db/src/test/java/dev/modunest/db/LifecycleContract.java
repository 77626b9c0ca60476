package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.ReleaseStatus;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What is decided about releases, and the record of who decided. */
abstract class LifecycleContract {

    private static final Coordinate EDITOR = Coordinate.parse("acme/editor@1.0.0");

    private TestIndex index;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
        index.publish("acme/editor@1.0.0");
    }

    @AfterEach
    void close() {
        index.close();
    }

    private ReleaseState state() {
        return index.database()
                .<Optional<ReleaseState>>inTransaction(tx -> tx.releaseStates().lock(EDITOR))
                .orElseThrow();
    }

    private void change(UnaryOperator<ReleaseState> change) {
        index.database()
                .inTransaction(
                        tx -> {
                            ReleaseState old = tx.releaseStates().lock(EDITOR).orElseThrow();
                            tx.releaseStates().save(change.apply(old), NOW);
                            return true;
                        });
    }

    private ReleaseStatus status() {
        return index.database()
                .<Optional<IndexedArtifact>>read(tx -> tx.artifacts().find(EDITOR))
                .orElseThrow()
                .status();
    }

    @Test
    void whatIsSavedIsRead() {
        ReleaseState before = state();
        ReleaseState.Deletion deletion = new ReleaseState.Deletion("oops", NOW);
        ReleaseStatus.Deprecation deprecation =
                new ReleaseStatus.Deprecation("old", Optional.of(PluginId.parse("acme/other")));
        UnaryOperator<ReleaseState> all =
                state ->
                        state.withYanked(Optional.of("broken"))
                                .withDeprecated(Optional.of(deprecation))
                                .withQuarantined(Optional.of("malware"))
                                .withDeleted(deletion);
        assertThat(status()).isEqualTo(ReleaseStatus.LIVE);

        change(all);

        assertThat(state()).isEqualTo(all.apply(before));
        assertThat(status().state()).isEqualTo(ReleaseStatus.State.DELETED);
        assertThat(status().reason()).contains("oops");
        assertThat(
                        index.database()
                                .<Optional<ReleaseState>>inTransaction(
                                        tx ->
                                                tx.releaseStates()
                                                        .lock(
                                                                Coordinate.parse(
                                                                        "acme/editor@9.0.0"))))
                .isEmpty();
    }

    @Test
    void bytesOfDeletedReleasesAreListedUntilTheyAreGone() {
        Digest digest = state().digest();
        assertThat(toRemove()).isEmpty();
        change(state -> state.withDeleted(new ReleaseState.Deletion("oops", NOW)));
        assertThat(toRemove()).containsExactly(digest);
        assertThat(
                        index.database()
                                .<List<Digest>>read(
                                        tx ->
                                                tx.releaseStates()
                                                        .listBytesToRemove(
                                                                NOW.minusSeconds(1), 10)))
                .isEmpty();

        index.database()
                .inTransaction(
                        tx -> {
                            tx.releaseStates().markBytesRemoved(digest, NOW);
                            return true;
                        });

        assertThat(toRemove()).isEmpty();
    }

    private List<Digest> toRemove() {
        return index.database().read(tx -> tx.releaseStates().listBytesToRemove(NOW, 10));
    }

    @Test
    void aDependentIsAReleaseOfAnotherPluginThatIsNotDeleted() {
        index.publish("other/user@1.0.0");
        for (String release : List.of("acme/editor@1.0.0", "other/user@1.0.0")) {
            index.execute(
                    "insert into dependencies (release_id, position, namespace, name, version_range, optional)"
                            + " select r.id, 0, 'acme', 'editor', '^1', false from releases r join plugins p on p.id = r.plugin_id"
                            + " where p.namespace || '/' || p.name || '@' || r.version = '"
                            + release
                            + "'");
        }
        assertThat(dependent()).contains(Coordinate.parse("other/user@1.0.0"));
        index.change("other/user@1.0.0", "deleted_reason = 'x', deleted_at = now()");
        assertThat(dependent()).isEmpty();
    }

    private Optional<Coordinate> dependent() {
        return index.database().read(tx -> tx.releaseStates().findDependent(EDITOR.plugin()));
    }

    @Test
    void auditEntriesAreListedNewestFirst() {
        Account alice = new Account(index.owner("acme"), "acme", false);
        index.database()
                .inTransaction(
                        tx -> {
                            for (String subject : List.of("acme/a@1.0.0", "acme", "acme/a@1.0.0")) {
                                tx.audit()
                                        .append(
                                                new AuditEntry(
                                                        NOW,
                                                        alice,
                                                        "release.yanked",
                                                        subject,
                                                        Optional.of("broken"),
                                                        Optional.of("request"),
                                                        "{\"size\": 7}"));
                            }
                            return true;
                        });

        List<AuditStore.Kept> all = audit(Optional.empty(), Optional.empty());
        assertThat(all)
                .extracting(AuditStore.Kept::subject)
                .containsExactly("acme/a@1.0.0", "acme", "acme/a@1.0.0");
        assertThat(all.getFirst().account()).isEqualTo("acme");
        assertThat(all.getFirst().reason()).contains("broken");
        assertThat(all.getFirst().requestId()).contains("request");
        assertThat(all.getFirst().detail()).isEqualTo("{\"size\": 7}");
        assertThat(audit(Optional.of("acme"), Optional.empty())).hasSize(1);
        assertThat(audit(Optional.empty(), Optional.of(all.get(1).id()))).hasSize(1);
    }

    private List<AuditStore.Kept> audit(Optional<String> subject, Optional<Long> before) {
        return index.database().read(tx -> tx.audit().list(subject, before, 10));
    }

    @Test
    void aNamespaceIsVerified() {
        index.database()
                .<Boolean>inTransaction(
                        tx -> {
                            tx.namespaces()
                                    .setVerified(
                                            "acme", Optional.of("administrator"), Optional.empty());
                            return true;
                        });
        assertThat(
                        index.database()
                                .<Optional<Namespace>>read(tx -> tx.namespaces().find("acme"))
                                .orElseThrow()
                                .verified())
                .isTrue();
    }
}
