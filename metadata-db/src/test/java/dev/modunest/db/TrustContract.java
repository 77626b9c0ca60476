package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.db.RetentionStore.Expiring;
import dev.modunest.db.identity.Enrolment;
import dev.modunest.db.identity.HostRecord;
import dev.modunest.db.identity.NewHost;
import dev.modunest.db.identity.NewSession;
import dev.modunest.db.identity.TrustedPublisher;
import dev.modunest.format.PluginId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/** Hosts with their enrolments, and trusted publishers. */
abstract class TrustContract {

    private static final PluginId TOOL = PluginId.parse("acme/tool");
    private static final Instant LATER = NOW.plus(Duration.ofHours(1));

    private TestIndex index;
    private Account alice;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
        alice = run(tx -> tx.accounts().insert("alice", false, NOW).orElseThrow());
    }

    @AfterEach
    void close() {
        index.close();
    }

    private <T> T run(Function<Transaction, T> work) {
        return index.database().inTransaction(work::apply);
    }

    private boolean is(Predicate<Transaction> work) {
        return this.<Boolean>run(work::test);
    }

    private int count(Function<Transaction, Integer> work) {
        return run(work);
    }

    private <T> Optional<T> find(Function<Transaction, Optional<T>> work) {
        return run(work);
    }

    private <T> List<T> list(Function<Transaction, List<T>> work) {
        return run(work);
    }

    private Enrolment enrolment(String name, Optional<String> organization) {
        return new Enrolment(
                UUID.randomUUID(),
                name,
                organization,
                List.of("acme/*", "base/json"),
                alice.id(),
                NOW,
                LATER);
    }

    private static NewHost host(String thumbprint) {
        return new NewHost(UUID.randomUUID(), "farm", "EdDSA", new byte[] {1, 2}, thumbprint);
    }

    @Test
    void aCodeIsUsedOnceAndInItsTime() {
        Enrolment enrolment = enrolment("farm", Optional.empty());

        assertThat(is(tx -> tx.hosts().insertEnrolment(enrolment, "sha"))).isTrue();
        assertThat(list(tx -> tx.hosts().listEnrolments(Optional.empty(), NOW, 10)))
                .containsExactly(enrolment);
        assertThat(list(tx -> tx.hosts().listEnrolments(Optional.of("acme"), NOW, 10))).isEmpty();
        assertThat(find(tx -> tx.hosts().useEnrolment("sha", LATER))).isEmpty();
        assertThat(find(tx -> tx.hosts().useEnrolment("other", NOW))).isEmpty();
        assertThat(find(tx -> tx.hosts().useEnrolment("sha", NOW))).contains(enrolment);
        assertThat(find(tx -> tx.hosts().useEnrolment("sha", NOW))).isEmpty();
        assertThat(is(tx -> tx.hosts().deleteEnrolment(enrolment.id()))).isFalse();
        assertThat(list(tx -> tx.hosts().listEnrolments(Optional.empty(), NOW, 10))).isEmpty();
        assertThat(count(tx -> tx.retention().delete(Expiring.ENROLMENTS, LATER, 10))).isZero();
        assertThat(
                        count(
                                tx ->
                                        tx.retention()
                                                .delete(
                                                        Expiring.ENROLMENTS,
                                                        LATER.plusSeconds(1),
                                                        10)))
                .isOne();
    }

    @Test
    void aCodeThatIsUnusedIsWithdrawn() {
        Enrolment enrolment = enrolment("farm", Optional.empty());
        run(tx -> tx.hosts().insertEnrolment(enrolment, "sha"));

        assertThat(is(tx -> tx.hosts().deleteEnrolment(enrolment.id()))).isTrue();
        assertThat(find(tx -> tx.hosts().findEnrolment(enrolment.id()))).isEmpty();
        assertThat(
                        is(
                                tx ->
                                        tx.hosts()
                                                .insertEnrolment(
                                                        enrolment("x", Optional.of("none")),
                                                        "other")))
                .isFalse();
    }

    @Test
    void aHostHasWhatItsEnrolmentSaysUntilItIsRevoked() {
        Enrolment enrolment = enrolment("farm", Optional.empty());
        run(tx -> tx.hosts().insertEnrolment(enrolment, "sha"));
        NewHost host = host("thumb");

        assertThat(is(tx -> tx.hosts().insert(host, enrolment, NOW))).isTrue();
        assertThat(is(tx -> tx.hosts().insert(host("thumb"), enrolment, NOW))).isFalse();
        HostRecord found = run(tx -> tx.hosts().find(host.id())).orElseThrow();
        assertThat(found.patterns()).containsExactly("acme/*", "base/json");
        assertThat(found.enrolledBy()).isEqualTo("alice");
        assertThat(found.publicKey()).containsExactly(1, 2);
        assertThat(found.lastSeenAt()).isEmpty();
        assertThat(find(tx -> tx.access().findHost(host.id()))).isPresent();
        assertThat(run(tx -> tx.access().ofHost(host.id(), NOW)).memberships()).isEmpty();

        assertThat(is(tx -> tx.hosts().update(host.id(), "new", List.of("*")))).isTrue();
        run(
                tx -> {
                    tx.hosts().touch(host.id(), LATER);
                    return true;
                });
        assertThat(is(tx -> tx.hosts().revoke(host.id(), "lost", LATER))).isTrue();
        assertThat(is(tx -> tx.hosts().revoke(host.id(), "lost", LATER))).isFalse();
        assertThat(is(tx -> tx.hosts().update(host.id(), "late", List.of("*")))).isFalse();

        HostRecord revoked = run(tx -> tx.hosts().find(host.id())).orElseThrow();
        assertThat(revoked.name()).isEqualTo("new");
        assertThat(revoked.lastSeenAt()).contains(LATER);
        assertThat(revoked.revokedReason()).contains("lost");
        assertThat(find(tx -> tx.access().findHost(host.id()))).isEmpty();
        assertThat(list(tx -> tx.hosts().list(Optional.empty(), Optional.empty(), 10))).hasSize(1);
        assertThat(list(tx -> tx.hosts().list(Optional.empty(), Optional.of(host.id()), 10)))
                .isEmpty();
        assertThat(list(tx -> tx.hosts().list(Optional.of("acme"), Optional.empty(), 10)))
                .isEmpty();
    }

    @Test
    void anAssertionIsUsedOnceAndForgottenAfterItsTime() {
        assertThat(is(tx -> tx.usedAssertions().use("host:1", "a", LATER))).isTrue();
        assertThat(is(tx -> tx.usedAssertions().use("host:1", "a", LATER))).isFalse();
        assertThat(is(tx -> tx.usedAssertions().use("host:2", "a", LATER))).isTrue();

        assertThat(
                        count(
                                tx ->
                                        tx.retention()
                                                .delete(
                                                        Expiring.USED_ASSERTIONS,
                                                        LATER.plusSeconds(1),
                                                        10)))
                .isEqualTo(2);
    }

    private TrustedPublisher publisher(Map<String, String> claims) {
        UUID id = UUID.randomUUID();
        Account machine = run(tx -> tx.accounts().insertMachine("ci-" + id, "job", NOW));
        return new TrustedPublisher(
                id,
                TOOL,
                "github",
                "https://ci.example",
                claims,
                machine.id(),
                machine.name(),
                "alice",
                NOW,
                Optional.empty());
    }

    @Test
    void aTrustedPublisherMayPublishItsPluginUntilItIsDeleted() {
        run(tx -> tx.namespaces().claim("acme", alice.id(), NOW));
        TrustedPublisher publisher = publisher(Map.of("repository_id", "1", "workflow", "r.yml"));

        assertThat(is(tx -> tx.trustedPublishers().insert(publisher, alice.id()))).isTrue();
        assertThat(
                        is(
                                tx ->
                                        tx.trustedPublishers()
                                                .insert(publisher(publisher.claims()), alice.id())))
                .isFalse();
        assertThat(list(tx -> tx.trustedPublishers().list(TOOL))).containsExactly(publisher);
        assertThat(run(tx -> tx.access().ofAccount(publisher.accountId(), NOW)).grants())
                .singleElement()
                .matches(grant -> grant.role().equals(Optional.of("publisher")))
                .matches(grant -> grant.plugin().equals(Optional.of("tool")));
        assertThat(is(tx -> tx.accounts().isMachine(publisher.accountId()))).isTrue();
        assertThat(is(tx -> tx.accounts().isMachine(alice.id()))).isFalse();
        run(
                tx -> {
                    tx.trustedPublishers().touch(publisher.id(), LATER);
                    return true;
                });

        assertThat(
                        run(tx -> tx.trustedPublishers().delete(TOOL, publisher.id(), LATER))
                                .orElseThrow()
                                .lastUsedAt())
                .contains(LATER);

        assertThat(find(tx -> tx.trustedPublishers().delete(TOOL, publisher.id(), LATER)))
                .isEmpty();
        assertThat(find(tx -> tx.accounts().find(publisher.accountId()))).isEmpty();
        assertThat(run(tx -> tx.access().ofAccount(publisher.accountId(), NOW)).grants()).isEmpty();
    }

    @Test
    void aTokenMatchesWhenItSaysAllThatIsAskedFor() {
        run(tx -> tx.namespaces().claim("acme", alice.id(), NOW));
        TrustedPublisher publisher = publisher(Map.of("repository_id", "1", "workflow", "r.yml"));
        run(tx -> tx.trustedPublishers().insert(publisher, alice.id()));

        assertThat(matching(Map.of("repository_id", "1", "workflow", "r.yml", "environment", "x")))
                .containsExactly(publisher);
        assertThat(matching(Map.of("repository_id", "1"))).isEmpty();
        assertThat(matching(Map.of("repository_id", "2", "workflow", "r.yml"))).isEmpty();
        assertThat(
                        list(
                                tx ->
                                        tx.trustedPublishers()
                                                .matching(
                                                        "https://other.example",
                                                        publisher.claims(),
                                                        10)))
                .isEmpty();
    }

    private List<TrustedPublisher> matching(Map<String, String> facts) {
        return run(tx -> tx.trustedPublishers().matching("https://ci.example", facts, 10));
    }

    @Test
    void aRefreshTokenIsUnusedUntilItIsUsed() {
        UUID session = UUID.randomUUID();
        run(
                tx -> {
                    tx.sessions()
                            .insert(
                                    new NewSession(
                                            session,
                                            alice.id(),
                                            "device",
                                            Optional.empty(),
                                            List.of("*:*"),
                                            "cli",
                                            "password",
                                            Optional.empty(),
                                            NOW,
                                            NOW,
                                            LATER));
                    tx.sessions().insertRefreshToken(session, "sha", NOW);
                    return true;
                });

        assertThat(find(tx -> tx.sessions().findUnusedRefreshToken("sha"))).contains(session);
        run(tx -> tx.sessions().useRefreshToken("sha", NOW));
        assertThat(find(tx -> tx.sessions().findUnusedRefreshToken("sha"))).isEmpty();
    }

    @Test
    void aPluginThatIsNotThereDemandsNothing() {
        assertThat(is(tx -> tx.plugins().setTrustedPublishingOnly(TOOL, true))).isFalse();
        assertThat(is(tx -> tx.plugins().isTrustedPublishingOnly(TOOL))).isFalse();
    }
}
