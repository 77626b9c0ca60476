package dev.modunest.server.ca;

import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.trust.CertificateBytes;
import dev.modunest.db.trust.RevocationList;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.Periodic;
import dev.modunest.server.trust.IssuingAuthority;
import dev.modunest.server.trust.TrustConfig;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.x509.RevocationListWriter;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The list of revocations of each issuing authority, made anew by every revocation in its own
 * transaction and at every interval by one of the servers. Thread-safe.
 */
public final class RevocationLists implements AutoCloseable {

    private final TrustConfig config;
    private final TrustDirectory trust;
    private final Database database;
    private final InstantSource clock;
    private final Periodic renewal;

    /** Makes the lists that are missing, and begins to renew them. */
    public RevocationLists(
            TrustConfig config,
            TrustDirectory trust,
            Database database,
            Jobs jobs,
            InstantSource clock) {
        this.config = config;
        this.trust = trust;
        this.database = database;
        this.clock = clock;
        renew();
        this.renewal =
                jobs.start(
                        "revocation-lists",
                        config.crlInterval(),
                        config.crlInterval(),
                        this::renew);
    }

    private void renew() {
        for (IssuingAuthority authority : trust.authorities()) {
            Instant now = clock.instant();
            database.<Boolean>inTransaction(
                    tx -> {
                        tx.certificates().lockList(authority.id());
                        Optional<RevocationList> last = tx.certificates().findList(authority.id());
                        boolean due = last.filter(list -> !isDue(list, now)).isEmpty();
                        if (due) {
                            make(tx, authority, last, now);
                        }
                        return due;
                    });
        }
    }

    /** Half an interval early, so that servers whose rounds are not in step make one list each. */
    private boolean isDue(RevocationList last, Instant now) {
        return !now.isBefore(last.madeAt().plus(config.crlInterval().dividedBy(2)));
    }

    /** The next list of the authority, with all that the transaction sees. */
    void next(Transaction tx, String issuer, Instant now) {
        trust.authorities().stream()
                .filter(authority -> authority.id().equals(issuer))
                .findFirst()
                .ifPresent(
                        authority -> {
                            tx.certificates().lockList(issuer);
                            make(tx, authority, tx.certificates().findList(issuer), now);
                        });
    }

    private void make(
            Transaction tx,
            IssuingAuthority authority,
            Optional<RevocationList> last,
            Instant now) {
        long number = last.map(RevocationList::number).orElse(0L) + 1;
        RevocationListWriter writer =
                new RevocationListWriter(
                        authority.authority(), number, now, now.plus(config.crlValidity()));
        tx.certificates()
                .revoked(authority.id())
                .forEach(
                        revoked ->
                                writer.add(
                                        revoked.serial(),
                                        revoked.revocation().at(),
                                        revoked.revocation().reason(),
                                        revoked.revocation().invalidFrom()));
        tx.certificates()
                .putList(
                        authority.id(),
                        new RevocationList(number, new CertificateBytes(writer.sign()), now));
    }

    /** The last list of the authority, DER. */
    Optional<byte[]> find(String issuer) {
        return database.<Optional<RevocationList>>read(tx -> tx.certificates().findList(issuer))
                .map(list -> list.der().der());
    }

    @Override
    public void close() {
        renewal.close();
    }
}
