package dev.modunest.format.tuf;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.VerifyingKey;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** The schemes of signatures that are known (specification 4.2). */
sealed interface SignatureCheck {

    String material();

    /** Garbage is a no. */
    boolean verify(byte[] message, byte[] signature);

    static SignatureCheck of(JsonNode key) {
        String type = key.path("keytype").asText();
        String scheme = key.path("scheme").asText();
        String value = key.path("keyval").path("public").asText();
        try {
            return switch (type + "/" + scheme) {
                case "ed25519/ed25519" ->
                        new Ours(VerifyingKey.ofEd25519(HexFormat.of().parseHex(value)));
                case "ecdsa/ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256/ecdsa-sha2-nistp256" ->
                        p256(fromPem(value));
                case "rsa/rsassa-pss-sha256" -> rsa(fromPem(value));
                default -> new Unusable(key.toString());
            };
        } catch (IllegalArgumentException | GeneralSecurityException malformed) {
            return new Unusable(key.toString());
        }
    }

    private static SignatureCheck p256(byte[] spki) {
        VerifyingKey key = VerifyingKey.ofSpki(spki);
        if (key.algorithm() != SignatureAlgorithm.ECDSA_P256) {
            throw new IllegalArgumentException("not a key on P-256");
        }
        return new Ours(key);
    }

    private static SignatureCheck rsa(byte[] spki) throws GeneralSecurityException {
        PublicKey key = KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(spki));
        if (!(key instanceof RSAPublicKey rsa)
                || rsa.getModulus().bitLength() < RsaPss.MIN_BITS
                || rsa.getModulus().bitLength() > RsaPss.MAX_BITS
                || rsa.getPublicExponent().bitLength() > Integer.SIZE) {
            throw new IllegalArgumentException("not an RSA key of 2048 to 8192 bits");
        }
        return new RsaPss(rsa);
    }

    private static byte[] fromPem(String pem) {
        String begin = "-----BEGIN PUBLIC KEY-----";
        String end = "-----END PUBLIC KEY-----";
        String text = pem.strip();
        if (!text.startsWith(begin) || !text.endsWith(end)) {
            throw new IllegalArgumentException("not a public key in PEM");
        }
        String base64 = text.substring(begin.length(), text.length() - end.length());
        return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
    }

    /** Ed25519 and ECDSA P-256. */
    record Ours(VerifyingKey key) implements SignatureCheck {

        @Override
        public String material() {
            return key.id().hex();
        }

        @Override
        public boolean verify(byte[] message, byte[] signature) {
            return key.verify(message, signature);
        }
    }

    /** RSASSA-PSS (RFC 8017 8.1) with SHA-256, a salt of 32 bytes or as long as fits. */
    record RsaPss(RSAPublicKey key) implements SignatureCheck {

        static final int MIN_BITS = 2_048;
        static final int MAX_BITS = 8_192;
        private static final int HASH_BYTES = 32;

        @Override
        public String material() {
            return HexFormat.of().formatHex(key.getEncoded());
        }

        @Override
        public boolean verify(byte[] message, byte[] signature) {
            int encoded = (key.getModulus().bitLength() + 6) / 8;
            return verify(message, signature, HASH_BYTES)
                    || verify(message, signature, encoded - HASH_BYTES - 2);
        }

        private boolean verify(byte[] message, byte[] signature, int salt) {
            try {
                Signature verifier = Signature.getInstance("RSASSA-PSS");
                verifier.setParameter(
                        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, salt, 1));
                verifier.initVerify(key);
                verifier.update(message);
                return verifier.verify(signature);
            } catch (GeneralSecurityException garbage) {
                return false;
            }
        }
    }

    /** What nothing is verified with. */
    record Unusable(String json) implements SignatureCheck {

        @Override
        public String material() {
            return json;
        }

        @Override
        public boolean verify(byte[] message, byte[] signature) {
            return false;
        }
    }
}
