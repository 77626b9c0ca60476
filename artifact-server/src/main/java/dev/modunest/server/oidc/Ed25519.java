package dev.modunest.server.oidc;

import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import java.util.List;

/**
 * The algorithm EdDSA with the curve Ed25519 (RFC 8037, sections 2 and 3.1), which java-jwt lacks,
 * by the JDK. Verifies only.
 */
public final class Ed25519 extends Algorithm {

    private static final int KEY_BYTES = 32;

    private final PublicKey key;

    public Ed25519(PublicKey key) {
        super("EdDSA", "Ed25519");
        this.key = key;
    }

    /** The verifier of a JWK's {@code crv} and {@code x}; empty when it is another kind of key. */
    static List<Ed25519> read(String curve, String x) {
        if (!curve.equals("Ed25519")) {
            return List.of();
        }
        try {
            byte[] encoded = Base64.getUrlDecoder().decode(x);
            return encoded.length == KEY_BYTES
                    ? List.of(new Ed25519(publicKey(encoded)))
                    : List.of();
        } catch (IllegalArgumentException | GeneralSecurityException noKey) {
            return List.of();
        }
    }

    /**
     * From the little-endian y and the sign of x in the topmost bit (RFC 8032, section 5.1.2).
     *
     * @param encoded 32 bytes, {@code x} of a JWK
     */
    public static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException {
        byte[] y = new byte[KEY_BYTES];
        for (int i = 0; i < KEY_BYTES; i++) {
            y[i] = encoded[KEY_BYTES - 1 - i];
        }
        boolean odd = (y[0] & 0x80) != 0;
        y[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(
                                NamedParameterSpec.ED25519,
                                new EdECPoint(odd, new BigInteger(1, y))));
    }

    @Override
    public void verify(DecodedJWT jwt) {
        try {
            byte[] content =
                    (jwt.getHeader() + "." + jwt.getPayload()).getBytes(StandardCharsets.US_ASCII);
            if (!isSigned(content, Base64.getUrlDecoder().decode(jwt.getSignature()))) {
                throw new SignatureVerificationException(this);
            }
        } catch (GeneralSecurityException | IllegalArgumentException bad) {
            throw new SignatureVerificationException(this, bad);
        }
    }

    boolean isSigned(byte[] content, byte[] signed) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(content);
        return signature.verify(signed);
    }

    @Override
    public byte[] sign(byte[] content) {
        throw new UnsupportedOperationException("EdDSA is verified here, never signed");
    }
}
