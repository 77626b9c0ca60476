package dev.modunest.server.signin;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.NewSession;
import dev.modunest.db.identity.SessionFacts;
import dev.modunest.format.Digest;
import dev.modunest.server.auth.ApiToken;
import dev.modunest.server.problem.RequestId;
import dev.modunest.server.token.AccessClaims;
import dev.modunest.server.token.AccessTokens;
import dev.modunest.server.token.IssuedToken;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Begins and goes on with sessions. Thread-safe. */
final class Sessions {

    private static final int RANDOM_BYTES = 32;

    private final Database database;
    private final AccessTokens tokens;
    private final Duration browser;
    private final Duration device;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /** How somebody proved who they are, and when. */
    record Proof(long accountId, String account, String method, Instant at) {}

    /**
     * Ready for use.
     *
     * @param browser how long a browser stays signed in
     * @param device how long a device does without a refresh
     */
    Sessions(
            Database database,
            AccessTokens tokens,
            Duration browser,
            Duration device,
            InstantSource clock) {
        this.database = database;
        this.tokens = tokens;
        this.browser = browser;
        this.device = device;
        this.clock = clock;
    }

    /** Random text that nobody guesses, for cookies, states and codes. */
    String secret() {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String sha256(String text) {
        return Digest.ofBytes(text.getBytes(StandardCharsets.UTF_8)).hex();
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Begins the session of a browser; the answer is the value of its cookie. */
    String beginBrowser(Proof proof, String userAgent, String address) {
        String cookie = secret();
        database.<Boolean>inTransaction(
                tx -> {
                    begin(
                            tx,
                            proof,
                            "browser",
                            Optional.of(sha256(cookie)),
                            List.of("*:*"),
                            userAgent,
                            Optional.of(address),
                            now().plus(browser));
                    return true;
                });
        return cookie;
    }

    /** Begins the session of a device inside {@code tx}. */
    IssuedToken beginDevice(Transaction tx, Proof proof, List<String> scopes, String client) {
        UUID id =
                begin(
                        tx,
                        proof,
                        "device",
                        Optional.empty(),
                        scopes,
                        client,
                        Optional.empty(),
                        now().plus(device));
        return issue(tx, tx.sessions().find(id).orElseThrow());
    }

    private UUID begin(
            Transaction tx,
            Proof proof,
            String kind,
            Optional<String> cookie,
            List<String> scopes,
            String client,
            Optional<String> address,
            Instant expires) {
        UUID id = UUID.randomUUID();
        Instant now = now();
        tx.sessions()
                .insert(
                        new NewSession(
                                id,
                                proof.accountId(),
                                kind,
                                cookie,
                                scopes,
                                client.substring(0, Math.min(client.length(), 200)),
                                proof.method(),
                                address,
                                proof.at(),
                                now,
                                expires));
        tx.audit()
                .append(
                        new AuditEntry(
                                now,
                                new Account(proof.accountId(), proof.account(), false),
                                "session.begun",
                                id.toString(),
                                Optional.of(kind + " by " + proof.method()),
                                Optional.of(RequestId.current())));
        return id;
    }

    /** Goes on with a session: it lasts anew, with a new access token and a new refresh token. */
    IssuedToken refresh(Transaction tx, SessionFacts session) {
        tx.sessions().extend(session.id(), now().plus(device));
        return issue(tx, session);
    }

    private IssuedToken issue(Transaction tx, SessionFacts session) {
        ApiToken refresh = ApiToken.create(ApiToken.Kind.REFRESH, random);
        tx.sessions().insertRefreshToken(session.id(), refresh.sha256Hex(), now());
        String access =
                tokens.issue(
                        new AccessClaims(
                                "account:" + session.account(),
                                List.of(tokens.audience()),
                                session.client(),
                                session.scopes(),
                                Optional.of(session.id()),
                                Optional.of(session.authenticatedAt()),
                                clock.instant().plus(tokens.lifetime())));
        return new IssuedToken(
                access,
                tokens.lifetime(),
                session.scopes(),
                Optional.of(refresh.text()),
                Optional.empty());
    }

    /** Ends a session of that account. */
    void end(Account account, UUID session, String reason) {
        database.<Boolean>inTransaction(
                tx -> {
                    if (tx.sessions().revoke(session, reason, now())) {
                        tx.accessChanged();
                        tx.audit()
                                .append(
                                        new AuditEntry(
                                                now(),
                                                account,
                                                "session.revoked",
                                                session.toString(),
                                                Optional.of(reason),
                                                Optional.of(RequestId.current())));
                    }
                    return true;
                });
    }
}
