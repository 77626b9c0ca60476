package dev.modunest.loader.testing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.loader.TrustedIssuer;
import dev.modunest.loader.TrustedIssuer.Algorithm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.function.Consumer;

/** Signs access tokens with one key, as a registry does. Immutable. */
public final class TestIssuer {

    public static final String NAME = "https://registry.example";
    public static final String AUDIENCE = "https://host.example/plugins";

    private static final JsonMapper JSON = new JsonMapper();

    private final Algorithm algorithm;
    private final String kid;
    private final KeyPair keys;

    public TestIssuer(Algorithm algorithm, String kid) {
        this.algorithm = algorithm;
        this.kid = kid;
        this.keys = generate(algorithm);
    }

    private static KeyPair generate(Algorithm algorithm) {
        try {
            return switch (algorithm) {
                case ES256 -> {
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec("secp256r1"));
                    yield generator.generateKeyPair();
                }
                case RS256, PS256 -> {
                    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(2_048);
                    yield generator.generateKeyPair();
                }
                case EDDSA -> KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            };
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a host pins of it. */
    public TrustedIssuer pins(TrustedIssuer.Keys where) {
        return new TrustedIssuer(NAME, where, AUDIENCE, Set.of(algorithm));
    }

    public PublicKey publicKey() {
        return keys.getPublic();
    }

    /** A token that is good at {@code now}. */
    public String token(Instant now) {
        return token(now, _ -> {}, _ -> {});
    }

    /** A token that is good at {@code now} but for what is changed of it. */
    public String token(Instant now, Consumer<ObjectNode> header, Consumer<ObjectNode> claims) {
        ObjectNode head = header();
        header.accept(head);
        ObjectNode body = claims(now);
        claims.accept(body);
        return sign(head.toString(), body.toString());
    }

    public ObjectNode header() {
        return JSON.createObjectNode()
                .put("alg", algorithm.text())
                .put("typ", "at+jwt")
                .put("kid", kid);
    }

    public static ObjectNode claims(Instant now) {
        return JSON.createObjectNode()
                .put("iss", NAME)
                .put("sub", "account:alice")
                .put("aud", AUDIENCE)
                .put("exp", now.getEpochSecond() + 900)
                .put("iat", now.getEpochSecond())
                .put("jti", "t-1")
                .put("client_id", "modunest-cli")
                .put("sid", "s-1")
                .put("scope", "markdown.render:acme/* openid");
    }

    /** Signs any header and claims. */
    public String sign(String header, String claims) {
        return sign(
                header.getBytes(StandardCharsets.UTF_8), claims.getBytes(StandardCharsets.UTF_8));
    }

    public String sign(byte[] header, byte[] claims) {
        String signed = encode(header) + "." + encode(claims);
        return signed + "." + encode(signature(signed));
    }

    public byte[] signature(String signed) {
        try {
            Signature signer =
                    Signature.getInstance(
                            switch (algorithm) {
                                case ES256 -> "SHA256withECDSAinP1363Format";
                                case RS256 -> "SHA256withRSA";
                                case PS256 -> "RSASSA-PSS";
                                case EDDSA -> "Ed25519";
                            });
            if (algorithm == Algorithm.PS256) {
                signer.setParameter(
                        new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signer.initSign(keys.getPrivate());
            signer.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signer.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The signature of the same as the JDK would give it by default, in DER. */
    public byte[] derSignature(String signed) {
        try {
            Signature signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(keys.getPrivate());
            signer.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signer.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public ObjectNode jwk() {
        ObjectNode jwk = JSON.createObjectNode().put("kid", kid).put("use", "sig");
        return switch (keys.getPublic()) {
            case ECPublicKey ec ->
                    jwk.put("kty", "EC")
                            .put("crv", "P-256")
                            .put("x", encode(fixed(ec.getW().getAffineX(), 32)))
                            .put("y", encode(fixed(ec.getW().getAffineY(), 32)));
            case RSAPublicKey rsa ->
                    jwk.put("kty", "RSA")
                            .put("n", encode(fixed(rsa.getModulus(), 256)))
                            .put("e", encode(fixed(rsa.getPublicExponent(), 3)));
            case EdECPublicKey ed -> {
                byte[] encoded = ed.getEncoded();
                yield jwk.put("kty", "OKP")
                        .put("crv", "Ed25519")
                        .put(
                                "x",
                                encode(
                                        Arrays.copyOfRange(
                                                encoded, encoded.length - 32, encoded.length)));
            }
            case PublicKey other -> throw new IllegalStateException(other.getAlgorithm());
        };
    }

    private static byte[] fixed(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[length];
        int common = Math.min(length, bytes.length);
        System.arraycopy(bytes, bytes.length - common, fixed, length - common, common);
        return fixed;
    }

    public static String jwks(ObjectNode... jwks) {
        ObjectNode set = JSON.createObjectNode();
        ArrayNode keys = set.putArray("keys");
        Arrays.asList(jwks).forEach(keys::add);
        return set.toString();
    }

    public static String jwks(TestIssuer... issuers) {
        return jwks(Arrays.stream(issuers).map(TestIssuer::jwk).toArray(ObjectNode[]::new));
    }
}
