package dev.modunest.server.password;

import dev.modunest.db.Database;
import dev.modunest.db.identity.PasswordFacts;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Says whether a password, and a code where one is asked for, are those of an account that signs in
 * here. Who is unknown, disabled or locked out is told the same, after the same work, as who has
 * the password wrong. Thread-safe.
 */
public final class LocalAccounts {

    /** What became of a try. */
    public sealed interface Attempt {

        /**
         * The account is who it says.
         *
         * @param method {@code password} or {@code password+totp}
         */
        record Accepted(long accountId, String account, String method) implements Attempt {}

        /** The password is right and a code is needed too. */
        record CodeNeeded() implements Attempt {}

        /**
         * It is not.
         *
         * @param accountId of the account that was tried, for the audit; empty when there is none
         */
        record Refused(Optional<Long> accountId) implements Attempt {}
    }

    private final Database database;
    private final Passwords passwords;
    private final PasswordConfig config;
    private final Sealer sealer;
    private final InstantSource clock;
    private final Totp totp = new Totp();

    public LocalAccounts(
            Database database,
            Passwords passwords,
            PasswordConfig config,
            Sealer sealer,
            InstantSource clock) {
        this.database = database;
        this.passwords = passwords;
        this.config = config;
        this.sealer = sealer;
        this.clock = clock;
    }

    /** Where the secret of an account is sealed for. */
    public static String place(long accountId) {
        return "totp:" + accountId;
    }

    /** Tries it, and notes what became of it. */
    public Attempt attempt(String account, String password, Optional<String> code) {
        Optional<PasswordFacts> found = database.read(tx -> tx.passwords().find(account));
        Optional<PasswordFacts> open = found.flatMap(facts -> begin(facts.accountId()));
        Optional<PasswordHash> hash =
                open.flatMap(PasswordFacts::password).map(PasswordHash::parse);
        if (!passwords.verify(password, hash)) {
            return new Attempt.Refused(found.map(PasswordFacts::accountId));
        }
        PasswordFacts facts = open.orElseThrow();
        if (!facts.totpConfirmed()) {
            return accepted(facts, password, hash.orElseThrow(), "password");
        }
        if (code.isEmpty()) {
            return new Attempt.CodeNeeded();
        }
        if (!useCode(facts, code.get())) {
            return new Attempt.Refused(Optional.of(facts.accountId()));
        }
        return accepted(facts, password, hash.orElseThrow(), "password+totp");
    }

    private boolean isLocked(PasswordFacts facts, Instant now) {
        return facts.lastFailedAt()
                .flatMap(last -> LockOut.until(facts.failed(), last, config.lockOut()))
                .filter(until -> until.isAfter(now))
                .isPresent();
    }

    /**
     * The account, when it may be tried. The try counts as failed until it succeeds: of many at the
     * same time no more are made than one after the other.
     */
    private Optional<PasswordFacts> begin(long accountId) {
        Instant now = clock.instant();
        return database.inTransaction(
                tx -> {
                    Optional<PasswordFacts> open =
                            tx.passwords()
                                    .lock(accountId)
                                    .filter(facts -> !facts.disabled() && !isLocked(facts, now));
                    if (open.isPresent()) {
                        tx.passwords().failed(accountId, now);
                    }
                    return open;
                });
    }

    private Attempt accepted(
            PasswordFacts facts, String password, PasswordHash hash, String method) {
        Optional<PasswordHash> better =
                passwords.needsRehash(hash)
                        ? Optional.of(passwords.hash(password))
                        : Optional.empty();
        database.<Boolean>inTransaction(
                tx -> {
                    tx.passwords().succeeded(facts.accountId());
                    better.ifPresent(
                            fresh -> tx.passwords().setPassword(facts.accountId(), fresh.text()));
                    return true;
                });
        return new Attempt.Accepted(facts.accountId(), facts.account(), method);
    }

    /** Whether {@code code} is one of the account's secret that was not used before; it is now. */
    public boolean useCode(PasswordFacts facts, String code) {
        if (facts.totpSealed().isEmpty()) {
            return false;
        }
        TotpSecret secret =
                TotpSecret.of(sealer.open(facts.totpSealed().get(), place(facts.accountId())));
        OptionalLong step = totp.match(secret, code, clock.instant());
        return step.isPresent()
                && database.inTransaction(
                        tx -> tx.passwords().useTotpStep(facts.accountId(), step.getAsLong()));
    }
}
