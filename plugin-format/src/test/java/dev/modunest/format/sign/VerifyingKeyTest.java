package dev.modunest.format.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

class VerifyingKeyTest {

    private static final byte[] MESSAGE = "a statement".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @EnumSource
    void whatIsSignedIsVerifiedByTheKeyInEachOfItsForms(SignatureAlgorithm algorithm) {
        Signer signer = new KeyPairSigner(KeyPairSigner.generate(algorithm));
        byte[] signature = signer.sign(MESSAGE);

        VerifyingKey read = VerifyingKey.ofSpki(signer.key().spki());

        assertThat(read).isEqualTo(signer.key()).hasSameHashCodeAs(signer.key());
        assertThat(read.algorithm()).isEqualTo(algorithm);
        assertThat(read.verify(MESSAGE, signature)).isTrue();
        assertThat(fromRaw(read)).isEqualTo(read);
        assertThat(read).hasToString(algorithm + " " + read.id());
    }

    private static VerifyingKey fromRaw(VerifyingKey key) {
        return switch (key.algorithm()) {
            case ED25519 -> VerifyingKey.ofEd25519(key.raw());
            case ML_DSA_44 -> VerifyingKey.ofMlDsa44(key.raw());
            case ECDSA_P256 -> {
                assertThat(key.raw()).hasSize(65).startsWith(0x04);
                yield key;
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void noBitOfASignatureCanBeChanged(SignatureAlgorithm algorithm) {
        Signer signer = new KeyPairSigner(KeyPairSigner.generate(algorithm));
        byte[] signature = signer.sign(MESSAGE);
        Random random = new Random(25_519);
        for (int round = 0; round < 500; round++) {
            byte[] changed = signature.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            assertThat(signer.key().verify(MESSAGE, changed)).isFalse();
        }
        assertThat(signer.key().verify(MESSAGE, new byte[0])).isFalse();
        assertThat(signer.key().verify(MESSAGE, Arrays.copyOf(signature, signature.length + 1)))
                .isFalse();
        assertThat(signer.key().verify(new byte[0], signature)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3006020101020101",
                "3006020101020100",
                "300602010002017f",
                "30060201ff020101",
                "300702020001020101",
                "30080201010201010500",
                "3081060201010201010000",
                "3106020101020101",
                "3006030101020101",
                "3006020201020101",
                "30250201010220ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"
            })
    void anEcdsaSignatureHasOneEncoding(String hex) {
        boolean canonical = EcdsaSignature.isCanonical(HexFormat.of().parseHex(hex));
        assertThat(canonical).isEqualTo(hex.equals("3006020101020101"));
    }

    @Test
    void otherKeysAreNotTaken() throws GeneralSecurityException {
        KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
        p384.initialize(new ECGenParameterSpec("secp384r1"));
        for (KeyPairGenerator other :
                new KeyPairGenerator[] {
                    p384,
                    KeyPairGenerator.getInstance("RSA"),
                    KeyPairGenerator.getInstance("Ed448"),
                    KeyPairGenerator.getInstance("ML-DSA-65")
                }) {
            var key = other.generateKeyPair().getPublic();
            assertThatThrownBy(() -> VerifyingKey.of(key))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not taken");
            assertThatThrownBy(() -> VerifyingKey.ofSpki(key.getEncoded()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> VerifyingKey.ofSpki(new byte[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> VerifyingKey.ofEd25519(new byte[31]))
                .hasMessageContaining("31 bytes");
    }

    @Test
    void aKeyHasOneEncoding() {
        byte[] spki =
                new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256))
                        .key()
                        .spki();
        byte[] longer = Arrays.copyOf(spki, spki.length + 1);
        assertThatThrownBy(() -> VerifyingKey.ofSpki(longer))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
