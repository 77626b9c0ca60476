package dev.modunest.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;

import dev.modunest.server.oidc.OidcException.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tokens of an issuer that is not honest, or not the one meant. */
class IdTokensIT {

    private final TestIssuer issuer = new TestIssuer();
    private final MovableClock clock = new MovableClock();
    private final RelyingParty relyingParty =
            new RelyingParty(
                    TestConfigs.of(issuer.uri(), TestIssuer.CLIENT, "secret", Map.of()),
                    clock,
                    new SecureRandom());

    @AfterEach
    void stop() {
        relyingParty.close();
        issuer.close();
    }

    private TokenRules bearer() {
        return TokenRules.bearer(issuer.uri(), TestIssuer.CLIENT);
    }

    private TokenRules signIn() {
        return new TokenRules(
                issuer.uri(),
                TestIssuer.CLIENT,
                Set.of("other"),
                Optional.of(TestIssuer.CLIENT),
                Optional.of("n-1"));
    }

    private static String rs256(JWTCreator.Builder token) {
        return token.sign(TestIssuer.rs256());
    }

    private Reason refusal(String token, TokenRules rules) {
        OidcException refused =
                catchThrowableOfType(OidcException.class, () -> relyingParty.verify(token, rules));
        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.detail()).doesNotContain(token.isEmpty() ? "eyJ" : token);
        return refused.reason();
    }

    private Reason refusal(JWTCreator.Builder token) {
        return refusal(rs256(token), bearer());
    }

    /** A token of any header and payload, signed with the issuer's RSA key whatever it says. */
    private static String raw(String header, String payload) {
        try {
            String content =
                    TestIssuer.base64(header.getBytes(StandardCharsets.UTF_8))
                            + "."
                            + TestIssuer.base64(payload.getBytes(StandardCharsets.UTF_8));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(TestIssuer.RSA.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + TestIssuer.base64(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private String payload(String more) {
        return "{\"iss\":\""
                + issuer.uri()
                + "\",\"sub\":\"s\",\"aud\":\"modunest\",\"iat\":"
                + TestIssuer.NOW.getEpochSecond()
                + ",\"exp\":"
                + TestIssuer.NOW.plusSeconds(60).getEpochSecond()
                + more
                + "}";
    }

    @Test
    void aTokenThatHoldsGivesItsClaims() {
        VerifiedToken token =
                relyingParty.verify(
                        rs256(
                                issuer.token()
                                        .withJWTId("j-1")
                                        .withClaim("repository", "acme/tool")
                                        .withClaim("groups", List.of("a", "b"))
                                        .withClaim("count", 7)
                                        .withClaim("email_verified", "true")),
                        bearer());

        assertThat(token.issuer()).isEqualTo(issuer.uri());
        assertThat(token.subject()).isEqualTo("s-1");
        assertThat(token.id()).contains("j-1");
        assertThat(token.issuedAt()).isEqualTo(TestIssuer.NOW);
        assertThat(token.expiresAt()).isEqualTo(TestIssuer.NOW.plusSeconds(300));
        assertThat(token.claims().text("repository")).contains("acme/tool");
        assertThat(token.claims().text("count")).isEmpty();
        assertThat(token.claims().texts("groups")).containsExactly("a", "b");
        assertThat(token.claims().texts("repository")).containsExactly("acme/tool");
        assertThat(token.claims().texts("absent")).isEmpty();
        assertThat(token.claims().isTrue("email_verified")).isTrue();
        assertThat(token.claims().isTrue("count")).isFalse();
        assertThat(token.toString()).doesNotContain("acme/tool");
    }

    @Test
    void everyAcceptedAlgorithmVerifies() throws GeneralSecurityException {
        KeyPair ec = TestIssuer.ecKeyPair("secp256r1");
        KeyPair ed = TestIssuer.keyPair("Ed25519", 0);
        issuer.keys().add(TestIssuer.jwk("ec-1", ec.getPublic()));
        issuer.keys().add(TestIssuer.jwk("ed-1", ed.getPublic()));
        String ps256 =
                issuer.token()
                        .sign(
                                Algorithm.RSA256PSS(
                                        (RSAPublicKey) TestIssuer.RSA.getPublic(),
                                        (RSAPrivateKey) TestIssuer.RSA.getPrivate()));
        String es256 =
                issuer.token()
                        .withKeyId("ec-1")
                        .sign(
                                Algorithm.ECDSA256(
                                        (ECPublicKey) ec.getPublic(),
                                        (ECPrivateKey) ec.getPrivate()));
        String head =
                TestIssuer.base64(
                                "{\"alg\":\"EdDSA\",\"kid\":\"ed-1\"}"
                                        .getBytes(StandardCharsets.UTF_8))
                        + "."
                        + TestIssuer.base64(payload("").getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(ed.getPrivate());
        signature.update(head.getBytes(StandardCharsets.US_ASCII));
        byte[] signed = signature.sign();

        assertThat(relyingParty.verify(ps256, bearer()).subject()).isEqualTo("s-1");
        assertThat(relyingParty.verify(es256, bearer()).subject()).isEqualTo("s-1");
        assertThat(relyingParty.verify(head + "." + TestIssuer.base64(signed), bearer()).subject())
                .isEqualTo("s");

        signed[3] ^= 1;
        assertThat(refusal(head + "." + TestIssuer.base64(signed), bearer()))
                .isEqualTo(Reason.TOKEN_SIGNATURE_INVALID);
        assertThat(refusal(head + ".AAAA", bearer())).isEqualTo(Reason.TOKEN_SIGNATURE_INVALID);
    }

    /** RFC 8037, appendix A. */
    @Test
    void theEdDsaVectorOfTheStandardVerifies() throws GeneralSecurityException {
        byte[] content =
                "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] signature =
                Base64.getUrlDecoder()
                        .decode(
                                "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        Ed25519 key =
                Ed25519.read("Ed25519", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").getFirst();

        assertThat(key.isSigned(content, signature)).isTrue();
        content[30] ^= 1;
        assertThat(key.isSigned(content, signature)).isFalse();
        assertThat(key.getName()).isEqualTo("EdDSA");
        assertThat(Ed25519.read("Ed448", "AAAA")).isEmpty();
        assertThat(Ed25519.read("Ed25519", "AAAA")).isEmpty();
        assertThat(Ed25519.read("Ed25519", "?")).isEmpty();
        assertThatThrownBy(() -> key.sign(new byte[0])).hasMessageContaining("never signed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"none\",\"kid\":\"rsa-1\"}",
                "{\"alg\":\"None\",\"kid\":\"rsa-1\"}",
                "{\"alg\":\"HS256\",\"kid\":\"rsa-1\"}",
                "{\"alg\":\"RS384\",\"kid\":\"rsa-1\"}",
                "{\"alg\":\"ES256\",\"kid\":\"rsa-1\"}",
                "{\"alg\":\"EdDSA\",\"kid\":\"rsa-1\"}",
                "{\"kid\":\"rsa-1\"}"
            })
    void refusesAlgorithmsThatTheKeyIsNotFor(String header) {
        assertThat(refusal(raw(header, payload("")), bearer()))
                .isEqualTo(Reason.TOKEN_ALGORITHM_REFUSED);
    }

    @Test
    void refusesAPublicKeyAsASharedSecret() {
        byte[] secret = TestIssuer.RSA.getPublic().getEncoded();

        assertThat(refusal(issuer.token().sign(Algorithm.HMAC256(secret)), bearer()))
                .isEqualTo(Reason.TOKEN_ALGORITHM_REFUSED);
        assertThat(issuer.requests("/keys")).isEmpty();
    }

    @Test
    void refusesAnUnsignedToken() {
        assertThat(refusal(issuer.token().sign(Algorithm.none()), bearer()))
                .isEqualTo(Reason.TOKEN_ALGORITHM_REFUSED);
        String stripped = raw("{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}", payload(""));
        assertThat(refusal(stripped.substring(0, stripped.lastIndexOf('.') + 1), bearer()))
                .isEqualTo(Reason.TOKEN_SIGNATURE_INVALID);
    }

    @Test
    void refusesAForeignKeyUnderAKnownId() {
        KeyPair foreign = TestIssuer.keyPair("RSA", 2048);

        assertThat(
                        refusal(
                                issuer.token()
                                        .sign(
                                                Algorithm.RSA256(
                                                        (RSAPublicKey) foreign.getPublic(),
                                                        (RSAPrivateKey) foreign.getPrivate())),
                                bearer()))
                .isEqualTo(Reason.TOKEN_SIGNATURE_INVALID);
    }

    @Test
    void refusesAKeyThatTheTokenBringsAlong() {
        String header =
                "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\"},\"jku\":\""
                        + issuer.uri()
                        + "/mine\"}";

        assertThat(refusal(raw(header, payload("")), bearer()))
                .isEqualTo(Reason.TOKEN_CLAIM_MISSING);
        assertThat(issuer.requests("/mine")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[\"b64\"],\"b64\":false}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"typ\":\"at+jwt\"}",
                "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"typ\":\"logout+jwt\"}",
                "{\"alg\":"
            })
    void refusesHeadersThatMeanSomethingElse(String header) {
        assertThat(refusal(raw(header, payload("")), bearer())).isEqualTo(Reason.TOKEN_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"role\":\"user\",\"role\":\"admin\"",
                ",\"nbf\":\"soon\"",
                ",\"sub\":\" \""
            })
    void refusesPayloadsThatCanBeReadInTwoWaysOrNone(String more) {
        assertThat(refusal(raw("{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}", payload(more)), bearer()))
                .isEqualTo(Reason.TOKEN_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "a.b.c", "a.b.c.d", "eyJhbGciOiJSUzI1NiJ9.e30."})
    void refusesWhatIsNoToken(String text) {
        assertThat(refusal(text, bearer()))
                .isIn(Reason.TOKEN_MALFORMED, Reason.TOKEN_CLAIM_MISSING);
    }

    @Test
    void refusesATokenOfAnySize() {
        assertThat(refusal(issuer.token().withClaim("x", "y".repeat(20_000))))
                .isEqualTo(Reason.TOKEN_MALFORMED);
        assertThat(refusal(issuer.token().withSubject("s".repeat(256))))
                .isEqualTo(Reason.TOKEN_MALFORMED);
    }

    @Test
    void refusesWhatLacksAClaim() {
        JWTCreator.Builder bare =
                JWT.create().withKeyId("rsa-1").withIssuer(issuer.uri().toString());
        assertThat(refusal(JWT.create().withKeyId("rsa-1"))).isEqualTo(Reason.TOKEN_CLAIM_MISSING);
        assertThat(refusal(bare)).isEqualTo(Reason.TOKEN_CLAIM_MISSING);
        assertThat(refusal(bare.withAudience(TestIssuer.CLIENT)))
                .isEqualTo(Reason.TOKEN_CLAIM_MISSING);
        assertThat(refusal(bare.withExpiresAt(TestIssuer.NOW.plusSeconds(9))))
                .isEqualTo(Reason.TOKEN_CLAIM_MISSING);
        assertThat(refusal(bare.withIssuedAt(TestIssuer.NOW)))
                .isEqualTo(Reason.TOKEN_CLAIM_MISSING);
        relyingParty.verify(rs256(bare.withSubject("s")), bearer());
    }

    @Test
    void refusesAnotherIssuer() {
        assertThat(refusal(issuer.token().withIssuer(issuer.uri() + "/")))
                .isEqualTo(Reason.TOKEN_ISSUER_DIFFERS);
        assertThat(issuer.requests("/keys")).isEmpty();
    }

    @Test
    void refusesAnotherAudienceAndUntrustedOnes() {
        assertThat(refusal(issuer.token().withAudience("somebody")))
                .isEqualTo(Reason.TOKEN_AUDIENCE_DIFFERS);
        assertThat(refusal(issuer.token().withAudience(TestIssuer.CLIENT, "somebody")))
                .isEqualTo(Reason.TOKEN_AUDIENCE_DIFFERS);
        assertThat(
                        refusal(
                                rs256(
                                        issuer.token()
                                                .withAudience("other")
                                                .withClaim("nonce", "n-1")),
                                signIn()))
                .isEqualTo(Reason.TOKEN_AUDIENCE_DIFFERS);
    }

    @Test
    void severalAudiencesNeedTheAuthorizedParty() {
        JWTCreator.Builder token =
                issuer.token().withAudience(TestIssuer.CLIENT, "other").withClaim("nonce", "n-1");
        assertThat(refusal(rs256(token), signIn())).isEqualTo(Reason.TOKEN_CLAIM_MISSING);
        assertThat(refusal(rs256(token.withClaim("azp", "other")), signIn()))
                .isEqualTo(Reason.TOKEN_AUDIENCE_DIFFERS);
        relyingParty.verify(rs256(token.withClaim("azp", TestIssuer.CLIENT)), signIn());
    }

    @Test
    void refusesAnotherNonce() {
        assertThat(refusal(rs256(issuer.token()), signIn())).isEqualTo(Reason.TOKEN_CLAIM_MISSING);
        assertThat(refusal(rs256(issuer.token().withClaim("nonce", "n-2")), signIn()))
                .isEqualTo(Reason.TOKEN_NONCE_DIFFERS);
        relyingParty.verify(rs256(issuer.token().withClaim("nonce", "n-1")), signIn());
    }

    @Test
    void timeCountsWithTheLeeway() {
        String token = rs256(issuer.token());
        clock.pass(Duration.ofSeconds(359));
        relyingParty.verify(token, bearer());
        clock.pass(Duration.ofSeconds(1));
        assertThat(refusal(token, bearer())).isEqualTo(Reason.TOKEN_EXPIRED);

        String early = rs256(issuer.token());
        clock.pass(Duration.ofMinutes(-7));
        relyingParty.verify(early, bearer());
        clock.pass(Duration.ofSeconds(-1));
        assertThat(refusal(early, bearer())).isEqualTo(Reason.TOKEN_NOT_YET_VALID);
    }

    @Test
    void refusesATokenThatBeginsLater() {
        assertThat(refusal(issuer.token().withNotBefore(TestIssuer.NOW.plusSeconds(61))))
                .isEqualTo(Reason.TOKEN_NOT_YET_VALID);
        relyingParty.verify(
                rs256(issuer.token().withNotBefore(TestIssuer.NOW.plusSeconds(60))), bearer());
        assertThat(
                        refusal(
                                raw(
                                        "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}",
                                        payload(",\"nbf\":99999999999999999")),
                                bearer()))
                .isEqualTo(Reason.TOKEN_MALFORMED);
    }

    @Test
    void aNewKeyIsFoundAndUnknownOnesCostNoRequestEach() {
        relyingParty.verify(rs256(issuer.token()), bearer());
        KeyPair fresh = TestIssuer.ecKeyPair("secp256r1");
        String token =
                issuer.token()
                        .withKeyId("ec-2")
                        .sign(
                                Algorithm.ECDSA256(
                                        (ECPublicKey) fresh.getPublic(),
                                        (ECPrivateKey) fresh.getPrivate()));
        issuer.keys().clear();
        issuer.keys().add(TestIssuer.jwk("ec-2", fresh.getPublic()));

        for (int i = 0; i < 50; i++) {
            assertThat(refusal(token, bearer())).isEqualTo(Reason.TOKEN_KEY_UNKNOWN);
        }
        assertThat(issuer.requests("/keys")).hasSize(1);

        clock.pass(Duration.ofSeconds(30));
        relyingParty.verify(token, bearer());
        assertThat(refusal(rs256(issuer.token()), bearer())).isEqualTo(Reason.TOKEN_KEY_UNKNOWN);
        assertThat(issuer.requests("/keys")).hasSize(2);
    }

    @Test
    void keysThatAreWeakOrForSomethingElseDoNotCount() {
        Map<String, Object> encryption = TestIssuer.jwk("enc", TestIssuer.RSA.getPublic());
        encryption.put("use", "enc");
        Map<String, Object> pss = TestIssuer.jwk("pss", TestIssuer.RSA.getPublic());
        pss.put("alg", "PS256");
        Map<String, Object> symmetric = new LinkedHashMap<>(Map.of("kid", "oct", "kty", "oct"));
        issuer.keys()
                .addAll(
                        List.of(
                                encryption,
                                pss,
                                symmetric,
                                Map.of("kid", "empty"),
                                Map.of("kid", "bad", "kty", "RSA", "n", "?", "e", "AQAB"),
                                Map.of("kid", "half", "kty", "EC", "crv", "P-256"),
                                Map.of("kty", "RSA"),
                                TestIssuer.jwk("weak", TestIssuer.keyPair("RSA", 1024).getPublic()),
                                TestIssuer.jwk(
                                        "p384", TestIssuer.ecKeyPair("secp384r1").getPublic())));

        for (String id : List.of("enc", "oct", "empty", "bad", "half", "weak", "p384", "")) {
            assertThat(refusal(issuer.token().withKeyId(id)))
                    .as(id)
                    .isEqualTo(Reason.TOKEN_KEY_UNKNOWN);
        }
        assertThat(refusal(issuer.token().withKeyId("pss")))
                .isEqualTo(Reason.TOKEN_ALGORITHM_REFUSED);
    }

    @Test
    void anIssuerWithoutAKeyListHasNoTokens() {
        issuer.answer("/keys", 200, "{\"keys\":7}");

        assertThat(refusal(issuer.token())).isEqualTo(Reason.PROVIDER_ANSWER_INVALID);
    }
}
