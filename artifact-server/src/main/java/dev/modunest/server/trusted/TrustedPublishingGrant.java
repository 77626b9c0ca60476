package dev.modunest.server.trusted;

import com.auth0.jwt.JWT;
import com.auth0.jwt.exceptions.JWTDecodeException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.NewSession;
import dev.modunest.db.identity.TrustedPublisher;
import dev.modunest.db.trust.CiJob;
import dev.modunest.server.oidc.OidcException;
import dev.modunest.server.oidc.RelyingParty;
import dev.modunest.server.oidc.TokenRules;
import dev.modunest.server.oidc.VerifiedToken;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Exchanges the ID token of a CI job for a token to publish the plugin that trusts the job (RFC
 * 8693). Each ID token is taken once. Thread-safe.
 */
public final class TrustedPublishingGrant implements TokenGrant {

    private static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final Duration LIFETIME = Duration.ofMinutes(15);
    private static final int MOST_ID_CHARACTERS = 255;
    private static final int MOST_MATCHES = 100;

    /** What a refusal is about, for the audit, before the token is known to be anybody's. */
    private static final String ABOUT = "trusted-publisher";

    private final CiProviders providers;
    private final RelyingParty oidc;
    private final Database database;
    private final AccessTokens tokens;
    private final InstantSource clock;

    public TrustedPublishingGrant(
            TrustedConfig config,
            RelyingParty oidc,
            Database database,
            AccessTokens tokens,
            InstantSource clock) {
        this.providers = new CiProviders(config);
        this.oidc = oidc;
        this.database = database;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public String type() {
        return "urn:ietf:params:oauth:grant-type:token-exchange";
    }

    @Override
    public boolean takes(TokenRequest request) {
        return request.find("subject_token_type").filter(ID_TOKEN::equals).isPresent();
    }

    @Override
    public IssuedToken issue(TokenRequest request) {
        requireWanted(request);
        String text = request.require("subject_token");
        CiProvider provider = provider(text);
        VerifiedToken token = verify(provider, text);
        Map<String, String> facts = provider.facts(token.claims());
        TrustedPublisher publisher = publisher(request, provider, facts);
        String id = id(token);
        Instant now = clock.instant();
        NewSession session = session(request, publisher, now);
        database.<Boolean>inTransaction(
                tx -> {
                    String issuer = provider.issuer().toString();
                    if (!tx.usedAssertions().use(issuer, id, token.expiresAt())) {
                        throw refused("it was used before; ask the CI for another one");
                    }
                    tx.sessions().insert(session);
                    tx.certificates()
                            .insertJob(
                                    session.id(),
                                    job(publisher, provider, provider.origin(token.claims())));
                    tx.trustedPublishers().touch(publisher.id(), now);
                    keep(tx, publisher, facts, request.address(), now);
                    return true;
                });
        return issued(publisher, session);
    }

    private void requireWanted(TokenRequest request) {
        request.find("requested_token_type")
                .filter(type -> !type.equals(ACCESS_TOKEN))
                .ifPresent(
                        _ -> {
                            throw OAuthException.invalidRequest(
                                    "requested_token_type is " + ACCESS_TOKEN + ", or is left out");
                        });
        request.find("audience")
                .filter(audience -> !audience.equals(tokens.audience()))
                .ifPresent(
                        _ -> {
                            throw new OAuthException(
                                    400,
                                    "invalid_target",
                                    "audience is " + tokens.audience() + ", or is left out");
                        });
    }

    /** The issuer that the token names chooses among ours; all else is checked with that one. */
    private CiProvider provider(String text) {
        try {
            return Optional.ofNullable(JWT.decode(text).getIssuer())
                    .flatMap(providers::ofIssuer)
                    .orElseThrow(() -> refused("its issuer is no CI provider of this registry"));
        } catch (JWTDecodeException malformed) {
            throw refused("it is no JWT");
        }
    }

    private VerifiedToken verify(CiProvider provider, String text) {
        String audience = provider.audience().orElseGet(() -> tokens.issuer().toString());
        try {
            return oidc.verify(text, TokenRules.bearer(provider.issuer(), audience));
        } catch (OidcException failed) {
            throw switch (failed.reason().party()) {
                case CLIENT -> refused(failed.reason().code() + ", " + failed.detail());
                case PROVIDER, SETTINGS ->
                        new OAuthException(503, "temporarily_unavailable", failed.detail());
            };
        }
    }

    private static String id(VerifiedToken token) {
        return token.id()
                .filter(id -> !id.isBlank() && id.length() <= MOST_ID_CHARACTERS)
                .orElseThrow(
                        () ->
                                refused(
                                        "its jti has not 1 to "
                                                + MOST_ID_CHARACTERS
                                                + " characters"));
    }

    private TrustedPublisher publisher(
            TokenRequest request, CiProvider provider, Map<String, String> facts) {
        List<TrustedPublisher> matching =
                database.read(
                        tx ->
                                tx.trustedPublishers()
                                        .matching(
                                                provider.issuer().toString(), facts, MOST_MATCHES));
        if (matching.isEmpty()) {
            throw refused(
                    "no plugin trusts the job, which says "
                            + shown(provider, facts)
                            + "; compare that with GET /api/v1/plugins/<plugin>/trusted-publishers");
        }
        List<TrustedPublisher> asked =
                matching.stream()
                        .filter(
                                one ->
                                        request.find("scope")
                                                .filter(scope -> !scope.equals(publish(one)))
                                                .isEmpty())
                        .toList();
        if (asked.isEmpty() || isSeveral(asked)) {
            throw OAuthException.invalidScope(
                    "send as scope which plugin the job publishes, one of "
                            + matching.stream()
                                    .map(TrustedPublishingGrant::publish)
                                    .distinct()
                                    .collect(Collectors.joining(", ")));
        }
        return asked.getFirst();
    }

    private static boolean isSeveral(List<TrustedPublisher> publishers) {
        return publishers.stream().map(TrustedPublisher::plugin).distinct().count() > 1;
    }

    /** Of an issuer of the settings the names alone: its claims may be anything. */
    private static String shown(CiProvider provider, Map<String, String> facts) {
        return switch (provider) {
            case GitHub _, GitLab _ -> facts.toString();
            case ConfiguredIssuer _ -> facts.keySet().toString();
        };
    }

    private static String publish(TrustedPublisher publisher) {
        return "release.publish:" + publisher.plugin();
    }

    private static CiJob job(TrustedPublisher publisher, CiProvider provider, CiOrigin origin) {
        return new CiJob(
                publisher.plugin(),
                provider.issuer().toString(),
                origin.buildSigner(),
                origin.repository(),
                origin.repositoryId());
    }

    /**
     * Besides to publish: to read what is there of the plugin, to get a certificate, and to see how
     * far a publish is.
     */
    private static NewSession session(
            TokenRequest request, TrustedPublisher publisher, Instant now) {
        return new NewSession(
                UUID.randomUUID(),
                publisher.accountId(),
                "exchange",
                Optional.empty(),
                List.of(
                        publish(publisher),
                        "release.read:" + publisher.plugin(),
                        "certificate.issue:" + publisher.plugin(),
                        "publish.read:*"),
                publisher.provider(),
                publisher.provider(),
                Optional.of(request.address()),
                now,
                now,
                now.plus(LIFETIME));
    }

    private static void keep(
            Transaction tx,
            TrustedPublisher publisher,
            Map<String, String> facts,
            String address,
            Instant now) {
        ObjectNode detail =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("trusted_publisher", publisher.id().toString())
                        .put("provider", publisher.provider());
        ObjectNode claims = detail.putObject("claims");
        // Those that were asked for: another may be a secret of the job.
        publisher.claims().keySet().stream()
                .sorted()
                .forEach(name -> claims.put(name, facts.get(name)));
        tx.audit()
                .append(
                        new AuditEntry(
                                        now,
                                        new Account(
                                                publisher.accountId(), publisher.account(), false),
                                        "trusted-publisher.exchanged",
                                        publisher.plugin().toString(),
                                        Optional.empty(),
                                        Optional.of(RequestId.current()),
                                        detail.toString())
                                .withAddress(address));
    }

    private IssuedToken issued(TrustedPublisher publisher, NewSession session) {
        return new IssuedToken(
                tokens.issue(
                        new AccessClaims(
                                "account:" + publisher.account(),
                                List.of(tokens.audience()),
                                publisher.provider(),
                                session.scopes(),
                                Optional.of(session.id()),
                                Optional.of(session.authenticatedAt()),
                                session.expiresAt())),
                LIFETIME,
                session.scopes(),
                Optional.empty(),
                Optional.of(ACCESS_TOKEN));
    }

    /** RFC 8693, 2.2.2: whatever is wrong with the subject token, the error is this one. */
    private static OAuthException refused(String why) {
        return OAuthException.invalidRequest("the subject_token is refused: " + why).about(ABOUT);
    }
}
