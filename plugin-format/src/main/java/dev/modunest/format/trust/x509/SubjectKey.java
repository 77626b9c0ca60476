package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** A SubjectPublicKeyInfo (RFC 5280 4.1.2.7). Immutable. */
public final class SubjectKey {

    private static final Map<String, String> FACTORIES =
            Map.of(
                    "1.2.840.10045.2.1", "EC",
                    "1.2.840.113549.1.1.1", "RSA",
                    "1.3.101.112", "Ed25519",
                    "2.16.840.1.101.3.4.3.17", "ML-DSA-44",
                    "2.16.840.1.101.3.4.3.18", "ML-DSA-65",
                    "2.16.840.1.101.3.4.3.19", "ML-DSA-87");

    private static final Map<String, Integer> CURVES =
            Map.of("1.2.840.10045.3.1.7", 256, "1.3.132.0.34", 384, "1.3.132.0.35", 521);

    private final byte[] spki;
    private final String algorithm;
    private final boolean namedCurve;
    private final byte[] bits;
    private final Optional<PublicKey> key;

    private SubjectKey(
            byte[] spki,
            String algorithm,
            boolean namedCurve,
            byte[] bits,
            Optional<PublicKey> key) {
        this.spki = spki;
        this.algorithm = algorithm;
        this.namedCurve = namedCurve;
        this.bits = bits;
        this.key = key;
    }

    /**
     * Reads the DER of a key.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    public static SubjectKey parse(byte[] der) {
        return parse(DerValue.parse(der));
    }

    static SubjectKey parse(DerValue value) {
        DerSequence fields = value.members(Tag.SEQUENCE);
        DerSequence identifier = fields.next().members(Tag.SEQUENCE);
        String algorithm = identifier.next().oid();
        boolean namedCurve =
                identifier
                        .nextIf(Tag.OID)
                        .filter(curve -> CURVES.containsKey(curve.oid()))
                        .isPresent();
        byte[] bits = fields.next().bitOctets();
        fields.end();
        return new SubjectKey(
                value.encoded(), algorithm, namedCurve, bits, read(algorithm, value.encoded()));
    }

    private static Optional<PublicKey> read(String algorithm, byte[] spki) {
        String factory = FACTORIES.get(algorithm);
        if (factory == null) {
            return Optional.empty();
        }
        try {
            PublicKey key =
                    KeyFactory.getInstance(factory).generatePublic(new X509EncodedKeySpec(spki));
            return Arrays.equals(key.getEncoded(), spki) ? Optional.of(key) : Optional.empty();
        } catch (InvalidKeySpecException malformed) {
            return Optional.empty();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no " + factory + " keys", missing);
        }
    }

    /** Whether the key is of ML-DSA, which cannot encrypt (RFC 9881 5). */
    boolean signsOnly() {
        return FACTORIES.getOrDefault(algorithm, "").startsWith("ML-DSA");
    }

    /** The key for the JDK; empty when its kind is unknown or it is not encoded canonically. */
    public Optional<PublicKey> publicKey() {
        return key;
    }

    public byte[] spki() {
        return spki.clone();
    }

    /** The content of the BIT STRING, of which RFC 5280 4.2.1.2 makes key identifiers. */
    public byte[] bits() {
        return bits.clone();
    }

    /** Why the key must not be used; empty when it may. RSA needs {@code rsaBits}, in octets. */
    public Optional<String> weakness(int rsaBits) {
        if (key.isEmpty()) {
            return Optional.of("a key of the kind " + algorithm + " cannot be read");
        }
        return switch (key.get()) {
            case RSAPublicKey rsa -> rsaWeakness(rsa, rsaBits);
            case ECPublicKey ec when !namedCurve ->
                    Optional.of(
                            "the curve of a key is not P-256, P-384 or P-521: "
                                    + ec.getParams().getOrder().bitLength()
                                    + " bits");
            default -> Optional.empty();
        };
    }

    private static Optional<String> rsaWeakness(RSAPublicKey rsa, int rsaBits) {
        int length = rsa.getModulus().bitLength();
        if (length < rsaBits || length % 8 != 0) {
            return Optional.of(
                    "an RSA key has " + length + " bits and needs " + rsaBits + " in whole octets");
        }
        return rsa.getPublicExponent().bitLength() < 2 || !rsa.getPublicExponent().testBit(0)
                ? Optional.of("an RSA exponent is even or less than 3")
                : Optional.empty();
    }
}
