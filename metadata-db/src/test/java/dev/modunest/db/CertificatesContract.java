package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.modunest.db.identity.NewSession;
import dev.modunest.db.trust.CertificateBytes;
import dev.modunest.db.trust.CertificateRecord;
import dev.modunest.db.trust.CiJob;
import dev.modunest.db.trust.NewCertificate;
import dev.modunest.db.trust.Revocation;
import dev.modunest.db.trust.RevocationList;
import dev.modunest.db.trust.RevokedCertificate;
import dev.modunest.format.PluginId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** Certificates of publishers, lists of revocations, and jobs of sessions. */
abstract class CertificatesContract {

    private static final Instant LATER = NOW.plus(Duration.ofDays(1));
    private static final CertificateBytes DER = new CertificateBytes(new byte[] {1, 2});

    private TestIndex index;
    private long alice;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
        alice = index.owner("acme");
    }

    @AfterEach
    void close() {
        index.close();
    }

    private void run(Consumer<Transaction> work) {
        index.database()
                .<Boolean>inTransaction(
                        tx -> {
                            work.accept(tx);
                            return true;
                        });
    }

    private void issue(String serial, String key, Instant at) {
        run(
                tx ->
                        tx.certificates()
                                .insert(
                                        new NewCertificate(
                                                serial, "i1", "acme", alice, "keyed", key, DER, at,
                                                LATER, at)));
    }

    private List<String> serials() {
        return index
                .database()
                .<List<CertificateRecord>>read(tx -> tx.certificates().list("acme", 10))
                .stream()
                .map(CertificateRecord::serial)
                .toList();
    }

    private Optional<CertificateRecord> find(String namespace, String serial) {
        return index.database().read(tx -> tx.certificates().find(namespace, serial));
    }

    @Test
    void certificatesAreListedTheNewestFirstAndFoundInTheirNamespace() {
        issue("a1", "k1", NOW);
        issue("b2", "k2", NOW.plusSeconds(1));

        assertThat(serials()).containsExactly("b2", "a1");
        assertThat(find("acme", "a1"))
                .contains(
                        new CertificateRecord(
                                "a1",
                                "i1",
                                "acme",
                                "acme",
                                "keyed",
                                "k1",
                                DER,
                                NOW,
                                LATER,
                                NOW,
                                Optional.empty()));
        assertThat(find("other", "a1")).isEmpty();
    }

    @Test
    void aSerialIsGivenOnce() {
        issue("a1", "k1", NOW);

        assertThatExceptionOfType(DatabaseException.class).isThrownBy(() -> issue("a1", "k2", NOW));
    }

    @Test
    void revocationsAreListedInTheirOrderAndTellOfCompromisedKeys() {
        issue("a1", "k1", NOW);
        issue("b2", "k1", NOW.plusSeconds(1));
        issue("c3", "k2", NOW.plusSeconds(2));
        Revocation compromised = new Revocation(LATER, Revocation.KEY_COMPROMISE, Optional.of(NOW));
        Revocation superseded =
                new Revocation(LATER.plusSeconds(1), "superseded", Optional.empty());
        run(
                tx -> {
                    assertThat(tx.certificates().lockOfKey("acme", "k1"))
                            .extracting(CertificateRecord::serial)
                            .containsExactly("a1", "b2");
                    tx.certificates().revoke("c3", alice, superseded);
                    tx.certificates().revoke("b2", alice, compromised);
                });

        List<RevokedCertificate> revoked =
                index.database().read(tx -> tx.certificates().revoked("i1"));
        assertThat(revoked)
                .containsExactly(
                        new RevokedCertificate("b2", compromised),
                        new RevokedCertificate("c3", superseded));
        assertThat(
                        index.database()
                                .<List<RevokedCertificate>>read(
                                        tx -> tx.certificates().revoked("i2")))
                .isEmpty();
        assertThat(find("acme", "b2").orElseThrow().revocation()).contains(compromised);
        assertThat(index.database().<Boolean>read(tx -> tx.certificates().isCompromised("k1")))
                .isTrue();
        assertThat(index.database().<Boolean>read(tx -> tx.certificates().isCompromised("k2")))
                .isFalse();
    }

    @Test
    void theNextListTakesThePlaceOfTheLast() {
        RevocationList second = new RevocationList(2, DER, LATER);
        run(
                tx -> {
                    tx.certificates().lockList("i1");
                    assertThat(tx.certificates().findList("i1")).isEmpty();
                    tx.certificates().putList("i1", new RevocationList(1, DER, NOW));
                    tx.certificates().putList("i1", second);
                });

        assertThat(
                        index.database()
                                .<Optional<RevocationList>>read(
                                        tx -> tx.certificates().findList("i1")))
                .contains(second);
    }

    @Test
    void aJobIsOfItsSession() {
        UUID session = UUID.randomUUID();
        CiJob job =
                new CiJob(
                        PluginId.parse("acme/tool"),
                        "https://ci.example",
                        Optional.of("https://ci.example/acme/tool/release.yml@main"),
                        Optional.empty(),
                        Optional.of("4711"));
        run(
                tx -> {
                    tx.sessions()
                            .insert(
                                    new NewSession(
                                            session,
                                            alice,
                                            "exchange",
                                            Optional.empty(),
                                            List.of(),
                                            "github",
                                            "github",
                                            Optional.empty(),
                                            NOW,
                                            NOW,
                                            LATER));
                    tx.certificates().insertJob(session, job);
                });

        assertThat(index.database().<Optional<CiJob>>read(tx -> tx.certificates().findJob(session)))
                .contains(job);
        assertThat(
                        index.database()
                                .<Optional<CiJob>>read(
                                        tx -> tx.certificates().findJob(UUID.randomUUID())))
                .isEmpty();
    }
}
