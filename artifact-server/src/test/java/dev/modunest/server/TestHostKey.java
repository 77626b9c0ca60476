package dev.modunest.server;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

/** The key pair of a host, which signs assertions. */
final class TestHostKey {

    private static final int BYTES = 32;

    private final KeyPair pair;

    private TestHostKey(KeyPair pair) {
        this.pair = pair;
    }

    static TestHostKey ed25519() {
        try {
            return new TestHostKey(KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static TestHostKey p256() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new TestHostKey(generator.generateKeyPair());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** RFC 7517. */
    String jwk() {
        if (pair.getPublic() instanceof ECPublicKey ec) {
            return "{\"kty\": \"EC\", \"crv\": \"P-256\", \"x\": \""
                    + base64(bytes(ec.getW().getAffineX()))
                    + "\", \"y\": \""
                    + base64(bytes(ec.getW().getAffineY()))
                    + "\"}";
        }
        byte[] encoded = pair.getPublic().getEncoded();
        return "{\"kty\": \"OKP\", \"crv\": \"Ed25519\", \"x\": \""
                + base64(Arrays.copyOfRange(encoded, encoded.length - BYTES, encoded.length))
                + "\"}";
    }

    /** One that holds for a minute; to be changed and signed. */
    JWTCreator.Builder assertion(String host, String audience) {
        Instant now = Instant.now();
        return JWT.create()
                .withIssuer(host)
                .withSubject(host)
                .withAudience(audience)
                .withIssuedAt(now)
                .withExpiresAt(now.plusSeconds(60))
                .withJWTId(UUID.randomUUID().toString());
    }

    String sign(JWTCreator.Builder assertion) {
        return assertion.sign(
                pair.getPrivate() instanceof ECPrivateKey ec
                        ? Algorithm.ECDSA256((ECPublicKey) pair.getPublic(), ec)
                        : new EdDsa());
    }

    /** The header of its assertions with alg twice. */
    String twice() {
        return base64("{\"alg\":\"EdDSA\",\"alg\":\"none\"}".getBytes(StandardCharsets.US_ASCII));
    }

    private final class EdDsa extends Algorithm {

        EdDsa() {
            super("EdDSA", "Ed25519");
        }

        @Override
        public void verify(DecodedJWT token) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] sign(byte[] content) {
            try {
                Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(pair.getPrivate());
                signature.update(content);
                return signature.sign();
            } catch (GeneralSecurityException failed) {
                throw new IllegalStateException(failed);
            }
        }
    }

    private static byte[] bytes(BigInteger number) {
        byte[] signed = number.toByteArray();
        byte[] unsigned = new byte[BYTES];
        int taken = Math.min(signed.length, BYTES);
        System.arraycopy(signed, signed.length - taken, unsigned, BYTES - taken, taken);
        return unsigned;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
