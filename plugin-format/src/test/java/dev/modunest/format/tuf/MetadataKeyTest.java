package dev.modunest.format.tuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.VerifyingKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

class MetadataKeyTest {

    private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);

    private static ObjectNode key(String type, String scheme, String value) {
        ObjectNode key = StrictJson.JSON.createObjectNode();
        key.put("keytype", type).put("scheme", scheme).putObject("keyval").put("public", value);
        return key;
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----";
    }

    @ParameterizedTest
    @EnumSource(names = {"ED25519", "ECDSA_P256"})
    void verifiesWhatItsSignerSigned(SignatureAlgorithm algorithm) {
        KeyPairSigner signer = new KeyPairSigner(KeyPairSigner.generate(algorithm));
        MetadataKey written = MetadataKey.of(signer.key());
        MetadataKey read = MetadataKey.parse(written.id(), written.json());
        byte[] signature = signer.sign(MESSAGE);
        assertThat(read.verify(MESSAGE, signature)).isTrue();
        assertThat(read.material()).isEqualTo(written.material());
        signature[signature.length - 1] ^= 1;
        assertThat(read.verify(MESSAGE, signature)).isFalse();
    }

    @Test
    void isNamedByTheHashOfItsCanonicalForm() {
        byte[] raw =
                HexFormat.of()
                        .parseHex(
                                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        MetadataKey key = MetadataKey.of(VerifyingKey.ofEd25519(raw));
        assertThat(key.json().toString())
                .isEqualTo(
                        "{\"keytype\":\"ed25519\",\"scheme\":\"ed25519\",\"keyval\":{\"public\":\""
                                + HexFormat.of().formatHex(raw)
                                + "\"}}");
        assertThat(key.id())
                .isEqualTo(
                        Digest.ofBytes(
                                        ("{\"keytype\":\"ed25519\",\"keyval\":{\"public\":\""
                                                        + HexFormat.of().formatHex(raw)
                                                        + "\"},\"scheme\":\"ed25519\"}")
                                                .getBytes(StandardCharsets.UTF_8))
                                .hex());
        assertThat(key).hasToString(key.id());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ecdsa", "ecdsa-sha2-nistp256"})
    void readsBothNamesOfEcdsa(String type) {
        KeyPair pair = KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256);
        MetadataKey key =
                MetadataKey.parse("id", key(type, "ecdsa-sha2-nistp256", pem(pair.getPublic())));
        assertThat(key.verify(MESSAGE, new KeyPairSigner(pair).sign(MESSAGE))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 222})
    void verifiesRsaWithEitherSalt(int salt) throws GeneralSecurityException {
        KeyPair pair = rsa(2_048);
        MetadataKey key =
                MetadataKey.parse("id", key("rsa", "rsassa-pss-sha256", pem(pair.getPublic())));
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(
                new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, salt, 1));
        signature.initSign(pair.getPrivate());
        signature.update(MESSAGE);
        byte[] signed = signature.sign();
        assertThat(key.verify(MESSAGE, signed)).isTrue();
        signed[0] ^= 1;
        assertThat(key.verify(MESSAGE, signed)).isFalse();
        assertThat(key.verify(MESSAGE, new byte[3])).isFalse();
    }

    private static KeyPair rsa(int bits) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    @Test
    void holdsWhatItCannotUseAndVerifiesNothingWithIt() throws GeneralSecurityException {
        String p256 = pem(KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256).getPublic());
        String ed25519 = pem(KeyPairSigner.generate(SignatureAlgorithm.ED25519).getPublic());
        for (ObjectNode unusable :
                List.of(
                        key("sphincs", "sphincs-shake-128s", "00"),
                        key("ed25519", "ed25519", "00"),
                        key("ed25519", "ed25519", "no hex"),
                        key("ed25519", "ecdsa-sha2-nistp256", p256),
                        key("ecdsa", "ecdsa-sha2-nistp256", ed25519),
                        key("ecdsa", "ecdsa-sha2-nistp256", "no PEM"),
                        key("rsa", "rsassa-pss-sha256", p256),
                        key("rsa", "rsassa-pss-sha256", pem(rsa(1_024).getPublic())),
                        key("rsa", "rsa-pkcs1v15-sha256", pem(rsa(2_048).getPublic())))) {
            MetadataKey key = MetadataKey.parse("id", unusable);
            assertThat(key.verify(MESSAGE, new byte[64])).isFalse();
            assertThat(key.material()).isEqualTo(unusable.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"keytype\": 1, \"scheme\": \"a\", \"keyval\": {}}",
                "{\"keytype\": \"a\", \"keyval\": {}}",
                "{\"keytype\": \"a\", \"scheme\": \"a\", \"keyval\": \"\"}"
            })
    void refusesWhatIsNoKey(String json) {
        assertThatThrownBy(() -> MetadataKey.parse("id", StrictJson.object(json)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hasNoSchemeForMlDsa() {
        VerifyingKey key =
                VerifyingKey.of(KeyPairSigner.generate(SignatureAlgorithm.ML_DSA_44).getPublic());
        assertThatThrownBy(() -> MetadataKey.of(key)).isInstanceOf(IllegalArgumentException.class);
    }
}
