package dev.modunest.server.host;

import com.auth0.jwt.algorithms.Algorithm;
import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.Digest;
import dev.modunest.server.body.JsonBody;
import dev.modunest.server.oidc.Ed25519;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/**
 * The public key of a host: Ed25519 (RFC 8037, 2) or P-256 (RFC 7518, 6.2), and so the one
 * algorithm that its assertions may have.
 *
 * @param thumbprint RFC 7638
 */
record HostKey(String algorithm, PublicKey key, String thumbprint) {

    static final String EDDSA = "EdDSA";
    static final String ES256 = "ES256";

    private static final int COORDINATE_BYTES = 32;

    /** Of a JWK; throws a Rejection when it is no public key of one of the two kinds. */
    static HostKey read(JsonNode jwk) {
        if (!jwk.isObject()) {
            throw JsonBody.invalid("public_key is a JWK");
        }
        if (jwk.has("d")) {
            throw JsonBody.invalid(
                    "public_key has the private part d; make another key pair, and send its public part alone");
        }
        String kind = jwk.path("kty").asText("") + " " + jwk.path("crv").asText("");
        JsonBody.requireKnown(jwk, Set.of("kty", "crv", "x", "y", "kid", "alg", "use", "key_ops"));
        try {
            return switch (kind) {
                case "OKP Ed25519" -> ed25519(coordinate(jwk, "x"));
                case "EC P-256" -> p256(coordinate(jwk, "x"), coordinate(jwk, "y"));
                default ->
                        throw JsonBody.invalid(
                                "public_key is of another kind than OKP Ed25519 and EC P-256");
            };
        } catch (GeneralSecurityException unusable) {
            throw JsonBody.invalid("public_key is no point of its curve");
        }
    }

    private static byte[] coordinate(JsonNode jwk, String name) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(jwk.path(name).asText(""));
            if (bytes.length == COORDINATE_BYTES) {
                return bytes;
            }
        } catch (IllegalArgumentException malformed) {
            throw JsonBody.invalid(name + " of public_key is not in base64url");
        }
        throw JsonBody.invalid(name + " of public_key has not " + COORDINATE_BYTES + " bytes");
    }

    private static HostKey ed25519(byte[] x) throws GeneralSecurityException {
        return new HostKey(
                EDDSA,
                Ed25519.publicKey(x),
                thumbprint("{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + base64url(x) + "\"}"));
    }

    private static HostKey p256(byte[] x, byte[] y) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECParameterSpec spec = curve.getParameterSpec(ECParameterSpec.class);
        ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
        requireOnCurve(point, spec);
        return new HostKey(
                ES256,
                KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, spec)),
                thumbprint(
                        "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\""
                                + base64url(x)
                                + "\",\"y\":\""
                                + base64url(y)
                                + "\"}"));
    }

    /** The JDK takes any pair of numbers (SEC 1, 3.2.2.1). */
    private static void requireOnCurve(ECPoint point, ECParameterSpec spec)
            throws GeneralSecurityException {
        BigInteger p = ((ECFieldFp) spec.getCurve().getField()).getP();
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right =
                x.pow(3).add(spec.getCurve().getA().multiply(x)).add(spec.getCurve().getB()).mod(p);
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.pow(2).mod(p).equals(right)) {
            throw new GeneralSecurityException("not on the curve");
        }
    }

    private static String thumbprint(String members) {
        return base64url(
                HexFormat.of()
                        .parseHex(Digest.ofBytes(members.getBytes(StandardCharsets.UTF_8)).hex()));
    }

    private static String base64url(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What verifies the host's assertions, as the index keeps its key. */
    static Algorithm verifier(String algorithm, byte[] publicKey) {
        try {
            X509EncodedKeySpec encoded = new X509EncodedKeySpec(publicKey);
            return switch (algorithm) {
                case EDDSA -> new Ed25519(KeyFactory.getInstance(EDDSA).generatePublic(encoded));
                case ES256 ->
                        Algorithm.ECDSA256(
                                (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(encoded));
                default -> throw new IllegalStateException(algorithm + " is no algorithm of hosts");
            };
        } catch (GeneralSecurityException corrupt) {
            throw new IllegalStateException("the key of a host cannot be read", corrupt);
        }
    }
}
