package dev.modunest.loader.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.loader.TrustedIssuer.Algorithm;
import dev.modunest.loader.testing.TestIssuer;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

class KeySetTest {

    private final TestIssuer ec = new TestIssuer(Algorithm.ES256, "ec");
    private final TestIssuer rsa = new TestIssuer(Algorithm.RS256, "rsa");
    private final TestIssuer ed = new TestIssuer(Algorithm.EDDSA, "ed");

    private static void assertRefused(ObjectNode jwk, String why) {
        assertThatThrownBy(() -> KeySet.read(TestIssuer.jwks(jwk)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static String number(BigInteger value) {
        return TestIssuer.encode(value.toByteArray());
    }

    @Test
    void findsKeysByNameAndAlgorithm() {
        KeySet keys = KeySet.read(TestIssuer.jwks(ec, rsa, ed));
        assertThat(keys.find("ec", Algorithm.ES256).orElseThrow().key()).isEqualTo(ec.publicKey());
        assertThat(keys.find("rsa", Algorithm.RS256).orElseThrow().key())
                .isEqualTo(rsa.publicKey());
        assertThat(keys.find("rsa", Algorithm.PS256)).isPresent();
        assertThat(keys.find("ed", Algorithm.EDDSA).orElseThrow().key()).isEqualTo(ed.publicKey());
        assertThat(keys.find("ec", Algorithm.RS256)).isEmpty();
        assertThat(keys.find("EC", Algorithm.ES256)).isEmpty();
    }

    @Test
    void passesOverWhatIsNotForSignatures() {
        ObjectNode unnamed = ec.jwk();
        unnamed.remove("kid");
        ObjectNode forVerifying = rsa.jwk();
        forVerifying.putArray("key_ops").add("verify");
        ObjectNode forEncryption = rsa.jwk().put("kid", "enc");
        forEncryption.putArray("key_ops").add("encrypt");
        KeySet keys =
                KeySet.read(
                        TestIssuer.jwks(
                                unnamed,
                                forVerifying,
                                forEncryption,
                                ec.jwk().put("use", "enc"),
                                ec.jwk().put("crv", "P-521"),
                                ec.jwk().put("kty", "oct"),
                                ed.jwk().put("crv", "X25519")));
        assertThat(keys.keys()).extracting(VerifyingKey::kid).containsExactly("rsa");
    }

    @Test
    void refusesUnsoundKeys() {
        String y = ec.jwk().path("y").textValue();
        assertRefused(ec.jwk().put("x", y), "not on P-256");
        assertRefused(ec.jwk().put("x", "AAAA"), "32 bytes");
        assertRefused(ec.jwk().put("x", y + "="), "base64");
        ObjectNode half = ec.jwk();
        half.remove("y");
        assertRefused(half, "no y");
        BigInteger small = BigInteger.ONE.shiftLeft(1_023).setBit(0);
        assertRefused(rsa.jwk().put("n", number(small)), "1024 bits");
        assertRefused(rsa.jwk().put("n", number(small.shiftLeft(8_000).setBit(0))), "bits");
        for (BigInteger exponent :
                List.of(BigInteger.ONE, BigInteger.TWO, BigInteger.ONE.shiftLeft(70).setBit(0))) {
            assertRefused(rsa.jwk().put("e", number(exponent)), "exponent");
        }
        assertRefused(ed.jwk().put("x", "AAAA"), "32 bytes");
    }

    @Test
    void refusesWhatIsNoKeySet() {
        ObjectNode[] many = new ObjectNode[101];
        Arrays.fill(many, ec.jwk());
        for (String document :
                List.of(
                        "",
                        "<html>",
                        "[]",
                        "{}",
                        "{\"keys\":{}}",
                        "{\"keys\":[]}",
                        "{\"keys\":[1,null,{}]}",
                        "{\"keys\":[],\"keys\":[]}",
                        TestIssuer.jwks(many))) {
            assertThatThrownBy(() -> KeySet.read(document))
                    .as(document)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
