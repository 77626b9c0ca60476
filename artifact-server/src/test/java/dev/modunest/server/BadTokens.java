package dev.modunest.server;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;

import dev.modunest.db.Database;
import dev.modunest.db.identity.NewSession;
import dev.modunest.server.password.Sealer;
import dev.modunest.server.token.AccessClaims;
import dev.modunest.server.token.AccessTokens;
import dev.modunest.server.token.SigningKeys;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Access tokens of a {@link TestRegistry}: one that does, and all the ways in which one does not.
 */
final class BadTokens implements AutoCloseable {

    private final TestRegistry registry;
    private final Database database;
    private final String account;

    BadTokens(TestRegistry registry, String account) {
        this.registry = registry;
        this.database = Database.open(registry.config().database());
        this.account = account;
    }

    /** Signed by the registry's own key. */
    String issued(Instant now, List<String> audience, UUID session) {
        InstantSource clock = InstantSource.fixed(now);
        SigningKeys keys =
                new SigningKeys(
                        database,
                        registry.config().tokens(),
                        Sealer.readOrCreate(
                                registry.config().tokens().keyFile(), new SecureRandom()),
                        InstantSource.system());
        return new AccessTokens(
                        keys, () -> registry.server().uri(), registry.config().tokens(), clock)
                .issue(
                        new AccessClaims(
                                "account:" + account,
                                audience,
                                "test",
                                List.of("*:*"),
                                Optional.of(session),
                                Optional.empty(),
                                now.plus(Duration.ofMinutes(15))));
    }

    List<String> ours() {
        return List.of(registry.server().uri() + "/api");
    }

    UUID session() {
        UUID id = UUID.randomUUID();
        Instant now = Instant.now();
        return database.inTransaction(
                tx -> {
                    tx.sessions()
                            .insert(
                                    new NewSession(
                                            id,
                                            tx.accounts().find(account).orElseThrow().id(),
                                            "device",
                                            Optional.empty(),
                                            List.of("*:*"),
                                            "test",
                                            "password",
                                            Optional.empty(),
                                            now,
                                            now,
                                            now.plus(Duration.ofDays(1))));
                    return id;
                });
    }

    /** The header {@code Authorization}, by what is wrong with it. */
    Map<String, String> headers() throws GeneralSecurityException {
        Instant now = Instant.now();
        UUID session = session();
        UUID ended = session();
        database.inTransaction(
                tx -> {
                    tx.accessChanged();
                    return tx.sessions().revoke(ended, "test", now);
                });
        String revoked = registry.newToken(account, "*:*");
        registry.execute(
                "update tokens set revoked_at = now() where id = (select max(id) from tokens)");
        String kid =
                registry.texts("select kid from signing_keys where algorithm = 'ES256'").getFirst();
        byte[] publicKey =
                Base64.getMimeDecoder()
                        .decode(
                                registry.texts(
                                                "select encode(public_key, 'base64') from signing_keys where algorithm = 'ES256'")
                                        .getFirst());
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put("expired", bearer(issued(now.minus(Duration.ofHours(2)), ours(), session)));
        bad.put(
                "for another audience",
                bearer(issued(now, List.of("https://host.example/plugins"), session)));
        bad.put("of a session that ended", bearer(issued(now, ours(), ended)));
        bad.put("of no session", bearer(issued(now, ours(), UUID.randomUUID())));
        bad.put("unsigned", bearer(forged(now, session, kid).sign(Algorithm.none())));
        bad.put(
                "signed with the public key as a secret",
                bearer(forged(now, session, kid).sign(Algorithm.HMAC256(publicKey))));
        bad.put("signed by another key of that name", bearer(foreign(now, session, kid)));
        bad.put("signed by a key of another name", bearer(foreign(now, session, "foreign")));
        bad.put("without its signature", bearer(stripped(issued(now, ours(), session))));
        bad.put("of another type", bearer(otherType(issued(now, ours(), session))));
        bad.put("a revoked API token", bearer(revoked));
        bad.put("an API token that nobody has", bearer("mnt_" + "0".repeat(49)));
        bad.put("malformed", bearer("a b c"));
        bad.put("empty", "Bearer ");
        bad.put(
                "of another scheme",
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString("alice:secret".getBytes(StandardCharsets.UTF_8)));
        return bad;
    }

    private JWTCreator.Builder forged(Instant now, UUID session, String kid) {
        return JWT.create()
                .withHeader(Map.of("typ", "at+jwt"))
                .withKeyId(kid)
                .withIssuer(registry.server().uri().toString())
                .withSubject("account:" + account)
                .withAudience(ours().getFirst())
                .withClaim("client_id", "test")
                .withClaim("scope", "*:*")
                .withClaim("sid", session.toString())
                .withIssuedAt(now)
                .withExpiresAt(now.plus(Duration.ofMinutes(15)))
                .withJWTId(UUID.randomUUID().toString());
    }

    private String foreign(Instant now, UUID session, String kid) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        return forged(now, session, kid)
                .sign(
                        Algorithm.ECDSA256(
                                (ECPublicKey) pair.getPublic(), (ECPrivateKey) pair.getPrivate()));
    }

    private static String stripped(String token) {
        return token.substring(0, token.lastIndexOf('.') + 1);
    }

    private static String otherType(String token) {
        String[] parts = token.split("\\.", -1);
        String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
        return Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                header.replace("at+jwt", "JWT").getBytes(StandardCharsets.UTF_8))
                + "."
                + parts[1]
                + "."
                + parts[2];
    }

    private static String bearer(String token) {
        return "Bearer " + token;
    }

    @Override
    public void close() {
        database.close();
    }
}
