package dev.modunest.loader.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.loader.AuthOptions.KeyOptions;
import dev.modunest.loader.TrustedIssuer;
import dev.modunest.loader.TrustedIssuer.Algorithm;
import dev.modunest.loader.testing.TestClock;
import dev.modunest.loader.testing.TestIssuer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class TokenVerifierTest {

    private static final Instant NOW = TestClock.START;
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private static final TestIssuer ISSUER = new TestIssuer(Algorithm.ES256, "k1");

    private static TokenVerifier trusting(TestIssuer issuer, String jwks) {
        IssuerKeys keys =
                new IssuerKeys(
                        TestIssuer.NAME,
                        () -> jwks,
                        Optional.empty(),
                        new KeyOptions(
                                Duration.ofMinutes(10),
                                Duration.ofHours(1),
                                Duration.ofSeconds(30)),
                        () -> NOW,
                        Runnable::run);
        TrustedIssuer pins = issuer.pins(new TrustedIssuer.Keys.In(Path.of("unused")));
        return new TokenVerifier(
                Map.of(TestIssuer.NAME, new TokenVerifier.Trusted(pins, keys)),
                Duration.ofSeconds(60));
    }

    private static TokenVerifier verifier() {
        return trusting(ISSUER, TestIssuer.jwks(ISSUER));
    }

    private static void assertRejected(String token, String code) {
        assertRejected(verifier(), token, code);
    }

    private static void assertRejected(TokenVerifier verifier, String token, String code) {
        assertThatThrownBy(() -> verifier.verify(token, NOW))
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        rejected ->
                                assertThat(rejected.rejected().code())
                                        .as(rejected.rejected().text())
                                        .isEqualTo(code));
    }

    private static String with(Consumer<ObjectNode> claims) {
        return ISSUER.token(NOW, _ -> {}, claims);
    }

    private static String withHeader(Consumer<ObjectNode> header) {
        return ISSUER.token(NOW, header, _ -> {});
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void acceptsTokensOfEachAlgorithm(Algorithm algorithm) throws RejectedException {
        TestIssuer issuer = new TestIssuer(algorithm, "k");
        VerifiedUser user =
                trusting(issuer, TestIssuer.jwks(issuer)).verify(issuer.token(NOW), NOW).user();
        assertThat(user.issuer()).isEqualTo(TestIssuer.NAME);
        assertThat(user.subject()).isEqualTo("account:alice");
        assertThat(user.clientId()).isEqualTo("modunest-cli");
        assertThat(user.tokenId()).isEqualTo("t-1");
        assertThat(user.session()).contains("s-1");
        assertThat(user.scopes()).containsExactlyInAnyOrder("markdown.render:acme/*", "openid");
        assertThat(user.expires()).isEqualTo(NOW.plusSeconds(900));
    }

    @Test
    void acceptsWhatRfc9068LeavesOpen() throws RejectedException {
        TokenVerifier verifier = verifier();
        for (String token :
                List.of(
                        withHeader(header -> header.put("typ", "application/at+jwt")),
                        withHeader(header -> header.put("typ", "AT+JWT")),
                        with(
                                claims ->
                                        claims.putArray("aud")
                                                .add("other")
                                                .add(TestIssuer.AUDIENCE)),
                        with(claims -> claims.put("exp", NOW.getEpochSecond() + 10.5)),
                        with(claims -> claims.remove(List.of("sid", "scope"))),
                        with(claims -> claims.put("nbf", NOW.getEpochSecond())))) {
            assertThat(verifier.verify(token, NOW).user().subject()).isEqualTo("account:alice");
        }
    }

    /** Every place of the token, three other characters each; every length; every character out. */
    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void acceptsNoMutationOfAToken(Algorithm algorithm) {
        TestIssuer issuer = new TestIssuer(algorithm, "k");
        TokenVerifier verifier = trusting(issuer, TestIssuer.jwks(issuer));
        String token = issuer.token(NOW);
        Random random = new Random(25);
        for (int at = 0; at < token.length(); at++) {
            String before = token.substring(0, at);
            String after = token.substring(at + 1);
            for (int i = 0; i < 3; i++) {
                char other = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
                if (other != token.charAt(at)) {
                    assertNotAccepted(verifier, before + other + after);
                }
            }
            assertNotAccepted(verifier, before);
            assertNotAccepted(verifier, before + after);
            assertNotAccepted(verifier, before + "." + token.substring(at));
        }
        for (String end : List.of("=", "==", ".", "A", " ", "\n", "\u0100")) {
            assertNotAccepted(verifier, token + end);
            assertNotAccepted(verifier, end + token);
        }
    }

    /** The last character of a part has bits that encode nothing: only zeros there are accepted. */
    @Test
    void acceptsOneSpellingOfASignature() {
        String token = ISSUER.token(NOW);
        String before = token.substring(0, token.length() - 1);
        for (int i = 0; i < ALPHABET.length(); i++) {
            char last = ALPHABET.charAt(i);
            if (last != token.charAt(token.length() - 1)) {
                assertNotAccepted(verifier(), before + last);
            }
        }
    }

    private static void assertNotAccepted(TokenVerifier verifier, String token) {
        assertThatThrownBy(() -> verifier.verify(token, NOW)).isInstanceOf(RejectedException.class);
    }

    @Test
    void rejectsUnsignedTokens() {
        String good = ISSUER.token(NOW);
        String rest = good.substring(good.indexOf('.'));
        String unsigned = rest.substring(0, rest.lastIndexOf('.') + 1);
        for (String none : List.of("none", "None", "NONE", "nOnE", "")) {
            String header = TestIssuer.encode(ISSUER.header().put("alg", none).toString());
            assertRejected(header + unsigned, "algorithm-not-allowed");
            assertRejected(header + rest, "algorithm-not-allowed");
        }
        assertRejected(good.substring(0, good.lastIndexOf('.') + 1), "bad-signature");
        assertRejected(withHeader(header -> header.remove("alg")), "algorithm-not-allowed");
        assertRejected(withHeader(header -> header.put("alg", 256)), "algorithm-not-allowed");
    }

    /** RFC 8725 2.1: the public key is no secret, and must not be taken for one. */
    @Test
    void rejectsTokensThatArePublicKeysHmac() throws GeneralSecurityException {
        TestIssuer rsa = new TestIssuer(Algorithm.RS256, "k");
        TokenVerifier verifier = trusting(rsa, TestIssuer.jwks(rsa));
        byte[] der = rsa.publicKey().getEncoded();
        String pem =
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                        + "\n-----END PUBLIC KEY-----\n";
        for (byte[] secret :
                List.of(
                        der,
                        pem.getBytes(StandardCharsets.US_ASCII),
                        rsa.jwk().toString().getBytes(StandardCharsets.UTF_8))) {
            for (String algorithm : List.of("HS256", "RS256")) {
                String signed =
                        TestIssuer.encode(rsa.header().put("alg", algorithm).toString())
                                + "."
                                + TestIssuer.encode(TestIssuer.claims(NOW).toString());
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                byte[] tag = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
                assertRejected(
                        verifier,
                        signed + "." + TestIssuer.encode(tag),
                        algorithm.equals("HS256") ? "algorithm-not-allowed" : "bad-signature");
            }
        }
    }

    @Test
    void rejectsAnotherAlgorithmThanThePinnedOne() {
        TestIssuer rs = new TestIssuer(Algorithm.RS256, "k");
        TestIssuer ps = new TestIssuer(Algorithm.PS256, "k");
        assertRejected(trusting(ps, TestIssuer.jwks(rs)), rs.token(NOW), "algorithm-not-allowed");
        assertRejected(
                trusting(rs, TestIssuer.jwks(rs.jwk().put("alg", "PS256"))),
                rs.token(NOW),
                "unknown-key");
        assertRejected(
                trusting(rs, TestIssuer.jwks(new TestIssuer(Algorithm.ES256, "k"))),
                rs.token(NOW),
                "unknown-key");
    }

    @Test
    void rejectsForeignKeys() {
        TestIssuer foreign = new TestIssuer(Algorithm.ES256, "k1");
        assertRejected(foreign.token(NOW), "bad-signature");
        assertRejected(
                foreign.token(NOW, header -> header.set("jwk", foreign.jwk()), _ -> {}),
                "bad-signature");
        assertRejected(new TestIssuer(Algorithm.ES256, "k2").token(NOW), "unknown-key");
        assertRejected(withHeader(header -> header.remove("kid")), "unknown-key");
        assertRejected(withHeader(header -> header.put("kid", "k".repeat(300))), "unknown-key");
    }

    @Test
    void rejectsSignaturesThatAreNone() {
        String signed = ISSUER.token(NOW).replaceAll("\\.[^.]*$", "");
        for (byte[] signature :
                List.of(new byte[64], new byte[0], new byte[63], new byte[65], new byte[128])) {
            assertRejected(signed + "." + TestIssuer.encode(signature), "bad-signature");
        }
        assertRejected(
                signed + "." + TestIssuer.encode(ISSUER.derSignature(signed)), "bad-signature");
    }

    @Test
    void rejectsOtherTypes() {
        for (String type : List.of("JWT", "jwt", "id_token+jwt", "at+jwt ", "dpop+jwt", "")) {
            assertRejected(withHeader(header -> header.put("typ", type)), "wrong-type");
        }
        assertRejected(withHeader(header -> header.remove("typ")), "wrong-type");
        assertRejected(withHeader(header -> header.putArray("typ").add("at+jwt")), "wrong-type");
    }

    @Test
    void rejectsCriticalHeaders() {
        assertRejected(withHeader(header -> header.putArray("crit").add("exp")), "critical-header");
        assertRejected(withHeader(header -> header.putArray("crit")), "critical-header");
        assertRejected(
                withHeader(header -> header.put("b64", false).putArray("crit").add("b64")),
                "critical-header");
    }

    @Test
    void rejectsOtherIssuersAndAudiences() {
        for (String issuer :
                List.of(
                        "https://evil.example",
                        TestIssuer.NAME + "/",
                        "HTTPS://registry.example")) {
            assertRejected(with(claims -> claims.put("iss", issuer)), "unknown-issuer");
        }
        assertRejected(with(claims -> claims.remove("iss")), "unknown-issuer");
        assertRejected(
                with(claims -> claims.putArray("iss").add(TestIssuer.NAME)), "unknown-issuer");
        assertRejected(with(claims -> claims.put("aud", "https://other")), "wrong-audience");
        assertRejected(with(claims -> claims.remove("aud")), "wrong-audience");
        assertRejected(with(claims -> claims.putArray("aud")), "wrong-audience");
        assertRejected(with(claims -> claims.putArray("aud").add("x").add(1)), "wrong-audience");
        assertRejected(
                with(claims -> claims.putObject("aud").put("x", TestIssuer.AUDIENCE)),
                "wrong-audience");
    }

    @Test
    void holdsTimesToTheClockWithTheLeeway() throws RejectedException {
        long now = NOW.getEpochSecond();
        assertThat(verifier().verify(with(claims -> claims.put("exp", now - 59)), NOW)).isNotNull();
        assertRejected(with(claims -> claims.put("exp", now - 60)), "expired");
        assertRejected(with(claims -> claims.put("exp", 0)), "expired");
        assertThat(verifier().verify(with(claims -> claims.put("iat", now + 60)), NOW)).isNotNull();
        assertRejected(with(claims -> claims.put("iat", now + 61)), "not-yet-valid");
        assertThat(verifier().verify(with(claims -> claims.put("nbf", now + 60)), NOW)).isNotNull();
        assertRejected(with(claims -> claims.put("nbf", now + 61)), "not-yet-valid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp", "iat", "sub", "client_id", "jti"})
    void rejectsTokensWithoutTheClaimsOfAnAccessToken(String claim) {
        assertRejected(with(claims -> claims.remove(claim)), "claim-missing");
        assertRejected(with(claims -> claims.putNull(claim)), "claim-missing");
        assertRejected(with(claims -> claims.put(claim, "")), "claim-missing");
        assertRejected(with(claims -> claims.putObject(claim)), "claim-missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e300", "99999999999999999999999999", "253402300800", "\"9\""})
    void rejectsTimesThatAreNone(String exp) {
        String claims =
                TestIssuer.claims(NOW).toString().replaceAll("\"exp\":\\d+", "\"exp\":" + exp);
        assertRejected(ISSUER.sign(ISSUER.header().toString(), claims), "claim-missing");
    }

    @Test
    void rejectsOptionalClaimsOfAnotherKind() {
        assertRejected(with(claims -> claims.putArray("scope").add("*:*")), "claim-missing");
        assertRejected(with(claims -> claims.put("sid", 7)), "claim-missing");
        assertRejected(with(claims -> claims.put("nbf", "soon")), "claim-missing");
    }

    @Test
    void rejectsKeysThatStandTwice() {
        String header = ISSUER.header().toString();
        String claims = TestIssuer.claims(NOW).toString();
        assertRejected(ISSUER.sign(header.replace("{", "{\"alg\":\"none\","), claims), "malformed");
        assertRejected(
                ISSUER.sign(header, claims.replace("{", "{\"sub\":\"account:root\",")),
                "malformed");
    }

    @Test
    void rejectsWhatIsNoJsonObject() {
        byte[] header = ISSUER.header().toString().getBytes(StandardCharsets.UTF_8);
        String claims = TestIssuer.claims(NOW).toString();
        for (String other :
                List.of(
                        "",
                        "[]",
                        "\"text\"",
                        "null",
                        claims + "{}",
                        claims + " x",
                        "\ufeff" + claims,
                        "{\"a\":" + "[".repeat(50) + "]".repeat(50) + "}",
                        claims.replace("900", "NaN").replace("\"iss\"", "iss"))) {
            assertRejected(
                    ISSUER.sign(header, other.getBytes(StandardCharsets.UTF_8)), "malformed");
        }
        assertRejected(ISSUER.sign(header, claims.getBytes(StandardCharsets.UTF_16)), "malformed");
        assertRejected(
                ISSUER.sign(
                        header,
                        claims.replace("alice", "\u00e4").getBytes(StandardCharsets.ISO_8859_1)),
                "malformed");
    }

    @Test
    void rejectsWhatIsNoToken() {
        for (String other : List.of("", ".", "..", "...", "a.b", "a.b.c.d.e", "Bearer x", "{}")) {
            assertRejected(other, "malformed");
        }
        assertRejected("a".repeat(CompactToken.MAX_LENGTH + 1), "too-large");
        String big = with(claims -> claims.put("scope", "x".repeat(8_000)));
        assertRejected(big, "too-large");
    }

    @Test
    void repeatsNothingThatHarmsALog() {
        String token =
                with(claims -> claims.put("iss", "x\nINFO all is well\u202e" + "y".repeat(500)));
        assertThatThrownBy(() -> verifier().verify(token, NOW))
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        rejected ->
                                assertThat(rejected.rejected().text())
                                        .contains("'x?INFO all is well?yyy")
                                        .hasSizeLessThan(300));
    }
}
