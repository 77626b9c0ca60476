package dev.modunest.format.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

class Ed25519KeySetTest {

    /** RFC 8037 A.2 and A.3. */
    private static final VerifyingKey KNOWN =
            VerifyingKey.ofEd25519(
                    Base64.getUrlDecoder().decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void namesAKeyAsTheStandardDoes() {
        assertThat(Ed25519KeySet.kid(KNOWN))
                .isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    @Test
    void readsWhatItWrites() {
        VerifyingKey other =
                VerifyingKey.of(KeyPairSigner.generate(SignatureAlgorithm.ED25519).getPublic());
        String document = Ed25519KeySet.write(List.of(KNOWN, other));
        assertThat(document).contains("\"kty\":\"OKP\"").contains("\"alg\":\"EdDSA\"");
        assertThat(Ed25519KeySet.read(utf8(document)))
                .containsEntry(Ed25519KeySet.kid(KNOWN), KNOWN)
                .containsEntry(Ed25519KeySet.kid(other), other)
                .hasSize(2);
    }

    @Test
    void skipsKeysOfOthersAndBelievesNoName() {
        assertThat(
                        Ed25519KeySet.read(
                                utf8(
                                        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"a\"},"
                                                + "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"mine\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}")))
                .containsOnlyKeys("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}]}",
                "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"***\"}]}"
            })
    void refusesWhatIsNoKeySet(String document) {
        assertThatIllegalArgumentException().isThrownBy(() -> Ed25519KeySet.read(utf8(document)));
    }

    @Test
    void refusesMoreKeysThanItReads() {
        String many = "{\"keys\":[" + "{},".repeat(100) + "{}]}";
        assertThatIllegalArgumentException().isThrownBy(() -> Ed25519KeySet.read(utf8(many)));
    }

    @Test
    void holdsNoOtherKeys() {
        VerifyingKey p256 =
                VerifyingKey.of(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256).getPublic());
        assertThatIllegalArgumentException().isThrownBy(() -> Ed25519KeySet.kid(p256));
    }
}
