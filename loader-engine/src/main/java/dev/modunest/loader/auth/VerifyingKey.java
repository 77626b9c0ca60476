package dev.modunest.loader.auth;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.StrictJson;
import dev.modunest.loader.TrustedIssuer.Algorithm;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A public key of an issuer (RFC 7517, RFC 7518 6, RFC 8037).
 *
 * @param algorithm the one that it is for, when it says so
 */
record VerifyingKey(String kid, Optional<String> algorithm, PublicKey key) {

    private static final int MIN_RSA_BITS = 2_048;
    private static final int MAX_RSA_BITS = 8_192;
    private static final int MAX_EXPONENT_BITS = 64;
    private static final int FIELD_BYTES = 32;
    private static final ECParameterSpec P_256 = p256();

    boolean isFor(String wantedKid, Algorithm wanted) {
        return kid.equals(wantedKid)
                && algorithm.map(wanted.text()::equals).orElse(true)
                && Signatures.fits(wanted, key);
    }

    /**
     * Reads one key; empty when it is of another use or kind, which RFC 7517 5 says to pass over.
     *
     * @throws IllegalArgumentException when it is of a known kind and unsound
     */
    static Optional<VerifyingKey> read(JsonNode jwk) {
        Optional<String> kid = StrictJson.text(jwk, "kid");
        if (kid.isEmpty() || !isForSignatures(jwk)) {
            return Optional.empty();
        }
        return publicKey(jwk)
                .map(key -> new VerifyingKey(kid.get(), StrictJson.text(jwk, "alg"), key));
    }

    private static boolean isForSignatures(JsonNode jwk) {
        boolean use = StrictJson.text(jwk, "use").map("sig"::equals).orElse(true);
        JsonNode operations = jwk.path("key_ops");
        return use
                && (operations.isMissingNode()
                        || StreamSupport.stream(operations.spliterator(), false)
                                .anyMatch(operation -> "verify".equals(operation.textValue())));
    }

    private static Optional<PublicKey> publicKey(JsonNode jwk) {
        String kind = jwk.path("kty").asText("") + " " + jwk.path("crv").asText("");
        try {
            return switch (kind.strip()) {
                case "EC P-256" -> Optional.of(ellipticCurve(jwk));
                case "RSA" -> Optional.of(rsa(jwk));
                case "OKP Ed25519" -> Optional.of(ed25519(bytes(jwk, "x")));
                default -> Optional.empty();
            };
        } catch (InvalidKeySpecException unsound) {
            throw new IllegalArgumentException(unsound.getMessage(), unsound);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no " + kind + " keys", missing);
        }
    }

    private static PublicKey ellipticCurve(JsonNode jwk) throws GeneralSecurityException {
        byte[] x = bytes(jwk, "x");
        byte[] y = bytes(jwk, "y");
        if (x.length != FIELD_BYTES || y.length != FIELD_BYTES) {
            throw new IllegalArgumentException("a coordinate on P-256 has 32 bytes");
        }
        ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
        if (!isOnCurve(point)) {
            throw new IllegalArgumentException("the point is not on P-256");
        }
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, P_256));
    }

    /** y^2 = x^3 + ax + b (mod p), which the JDK's key factory does not ask. */
    private static boolean isOnCurve(ECPoint point) {
        BigInteger p = ((ECFieldFp) P_256.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right =
                x.pow(3).add(P_256.getCurve().getA().multiply(x)).add(P_256.getCurve().getB());
        return x.compareTo(p) < 0
                && y.compareTo(p) < 0
                && y.pow(2).subtract(right).mod(p).signum() == 0;
    }

    private static PublicKey rsa(JsonNode jwk) throws GeneralSecurityException {
        BigInteger modulus = new BigInteger(1, bytes(jwk, "n"));
        BigInteger exponent = new BigInteger(1, bytes(jwk, "e"));
        if (modulus.bitLength() < MIN_RSA_BITS || modulus.bitLength() > MAX_RSA_BITS) {
            throw new IllegalArgumentException(
                    "an RSA key of "
                            + modulus.bitLength()
                            + " bits: it must have "
                            + MIN_RSA_BITS
                            + " to "
                            + MAX_RSA_BITS);
        }
        if (!exponent.testBit(0)
                || exponent.equals(BigInteger.ONE)
                || exponent.bitLength() > MAX_EXPONENT_BITS) {
            throw new IllegalArgumentException("the RSA exponent must be odd, 3 to 2^64");
        }
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }

    /** RFC 8032 5.1.2: y in little-endian order, the last bit that of x. */
    static PublicKey ed25519(byte[] encoded) throws GeneralSecurityException {
        if (encoded.length != FIELD_BYTES) {
            throw new IllegalArgumentException("an Ed25519 key has 32 bytes");
        }
        byte[] y = new byte[FIELD_BYTES];
        for (int i = 0; i < FIELD_BYTES; i++) {
            y[i] = encoded[FIELD_BYTES - 1 - i];
        }
        boolean xOdd = y[0] < 0;
        y[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new EdECPublicKeySpec(
                                NamedParameterSpec.ED25519,
                                new EdECPoint(xOdd, new BigInteger(1, y))));
    }

    private static byte[] bytes(JsonNode jwk, String field) {
        return Base64Url.decode(
                StrictJson.text(jwk, field)
                        .orElseThrow(() -> new IllegalArgumentException("a key has no " + field)));
    }

    private static ECParameterSpec p256() {
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            return curve.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no P-256", missing);
        }
    }
}
