package dev.modunest.server.host;

import dev.modunest.db.Actor;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.HostRecord;
import dev.modunest.server.problem.RequestId;
import dev.modunest.server.token.AccessClaims;
import dev.modunest.server.token.AccessTokens;
import dev.modunest.server.token.IssuedToken;
import dev.modunest.server.token.OAuthException;
import dev.modunest.server.token.TokenGrant;
import dev.modunest.server.token.TokenRequest;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A host's access token (RFC 6749, 4.4) for an assertion that it signed with its own key (RFC 7523,
 * 2.2). Each assertion is taken once. Thread-safe.
 */
public final class ClientCredentialsGrant implements TokenGrant {

    private static final String ASSERTION =
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final Duration LIFETIME = Duration.ofMinutes(15);

    private final Database database;
    private final AccessTokens tokens;
    private final InstantSource clock;

    public ClientCredentialsGrant(Database database, AccessTokens tokens, InstantSource clock) {
        this.database = database;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "client_credentials";
    }

    @Override
    public IssuedToken issue(TokenRequest request) {
        if (!request.require("client_assertion_type").equals(ASSERTION)) {
            throw OAuthException.invalidRequest("client_assertion_type is " + ASSERTION);
        }
        ClientAssertion assertion = ClientAssertion.decode(request.require("client_assertion"));
        request.find("client_id")
                .filter(id -> !id.equals(assertion.host().toString()))
                .ifPresent(
                        _ -> {
                            throw ClientAssertion.refused("its sub is not the client_id");
                        });
        HostRecord host =
                database.read(tx -> tx.hosts().find(assertion.host()))
                        .orElseThrow(() -> ClientAssertion.refused("there is no such host"));
        Instant now = clock.instant();
        assertion.verify(
                HostKey.verifier(host.algorithm(), host.publicKey()),
                Set.of(tokens.issuer().toString(), tokens.tokenEndpoint().toString()),
                now);
        // Told to who has the key alone.
        if (host.revokedAt().isPresent()) {
            throw ClientAssertion.refused("the host was revoked").about("host:" + host.id());
        }
        List<String> scopes = host.patterns().stream().map(p -> "release.read:" + p).toList();
        requireScopes(request, scopes);
        database.<Boolean>inTransaction(tx -> take(tx, assertion, host, request, now));
        return new IssuedToken(
                tokens.issue(
                        new AccessClaims(
                                "host:" + host.id(),
                                List.of(tokens.audience()),
                                host.id().toString(),
                                scopes,
                                Optional.empty(),
                                Optional.empty(),
                                now.plus(LIFETIME))),
                LIFETIME,
                scopes,
                Optional.empty(),
                Optional.empty());
    }

    /** A host has what its policy says; it may ask for that, and for nothing else. */
    private static void requireScopes(TokenRequest request, List<String> scopes) {
        request.find("scope")
                .filter(asked -> !Set.copyOf(scopes).containsAll(Arrays.asList(asked.split(" "))))
                .ifPresent(
                        _ -> {
                            throw OAuthException.invalidScope(
                                    "the policy of the host is " + String.join(" ", scopes));
                        });
    }

    private static boolean take(
            Transaction tx,
            ClientAssertion assertion,
            HostRecord host,
            TokenRequest request,
            Instant now) {
        String client = "host:" + host.id();
        if (!tx.usedAssertions().use(client, assertion.id(), assertion.expiresAt())) {
            throw ClientAssertion.refused("it was used before").about(client);
        }
        tx.hosts().touch(host.id(), now);
        tx.audit()
                .append(
                        new AuditEntry(
                                        now,
                                        Actor.host(host.id()),
                                        "host.token-issued",
                                        client,
                                        Optional.empty(),
                                        Optional.of(RequestId.current()),
                                        "{}")
                                .withAddress(request.address()));
        return true;
    }
}
