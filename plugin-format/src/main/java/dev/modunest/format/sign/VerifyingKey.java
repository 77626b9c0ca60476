package dev.modunest.format.sign;

import dev.modunest.format.Digest;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A public key with the one algorithm that it is for. Immutable. */
public final class VerifyingKey {

    /** SubjectPublicKeyInfo (RFC 8410) before the 32 bytes of an Ed25519 key. */
    private static final byte[] ED25519_PREFIX = {
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
    };

    /** SubjectPublicKeyInfo (RFC 9881) before the 1,312 bytes of an ML-DSA-44 key. */
    private static final byte[] ML_DSA_44_PREFIX = {
        0x30,
        (byte) 0x82,
        0x05,
        0x32,
        0x30,
        0x0b,
        0x06,
        0x09,
        0x60,
        (byte) 0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x03,
        0x11,
        0x03,
        (byte) 0x82,
        0x05,
        0x21,
        0x00
    };

    private static final int ED25519_BYTES = 32;
    private static final int ML_DSA_44_BYTES = 1_312;
    private static final int P_256_SPKI_BYTES = 91;
    private static final List<String> KEY_FACTORIES = List.of("EC", "Ed25519", "ML-DSA-44");

    private final SignatureAlgorithm algorithm;
    private final PublicKey key;
    private final byte[] spki;

    private VerifyingKey(SignatureAlgorithm algorithm, PublicKey key, byte[] spki) {
        this.algorithm = algorithm;
        this.key = key;
        this.spki = spki;
    }

    /**
     * A key of the JDK.
     *
     * @throws IllegalArgumentException when it is of no {@link SignatureAlgorithm}
     */
    public static VerifyingKey of(PublicKey key) {
        byte[] spki = key.getEncoded();
        return new VerifyingKey(algorithm(key, spki), key, spki.clone());
    }

    /**
     * A key as SubjectPublicKeyInfo (RFC 5280 4.1), DER.
     *
     * @throws IllegalArgumentException when it is malformed or of no {@link SignatureAlgorithm}
     */
    public static VerifyingKey ofSpki(byte[] spki) {
        VerifyingKey key =
                KEY_FACTORIES.stream()
                        .flatMap(factory -> tryFactory(factory, spki).stream())
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "no Ed25519, ECDSA P-256 or ML-DSA-44 key"));
        if (!Arrays.equals(key.spki, spki)) {
            throw new IllegalArgumentException("the key is not encoded as DER demands");
        }
        return key;
    }

    private static Optional<VerifyingKey> tryFactory(String name, byte[] spki) {
        try {
            PublicKey key =
                    KeyFactory.getInstance(name).generatePublic(new X509EncodedKeySpec(spki));
            return Optional.of(of(key));
        } catch (InvalidKeySpecException another) {
            return Optional.empty();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no " + name + " keys", missing);
        }
    }

    /** An Ed25519 key as its 32 bytes (RFC 8032 5.1.5). */
    public static VerifyingKey ofEd25519(byte[] raw) {
        return ofRaw(raw, ED25519_BYTES, ED25519_PREFIX);
    }

    /** An ML-DSA-44 key as its 1,312 bytes (FIPS 204, algorithm 22). */
    public static VerifyingKey ofMlDsa44(byte[] raw) {
        return ofRaw(raw, ML_DSA_44_BYTES, ML_DSA_44_PREFIX);
    }

    private static VerifyingKey ofRaw(byte[] raw, int length, byte[] prefix) {
        if (raw.length != length) {
            throw new IllegalArgumentException(
                    "the key has " + raw.length + " bytes and must have " + length);
        }
        byte[] spki = Arrays.copyOf(prefix, prefix.length + length);
        System.arraycopy(raw, 0, spki, prefix.length, length);
        return ofSpki(spki);
    }

    private static SignatureAlgorithm algorithm(PublicKey key, byte[] spki) {
        if (key instanceof EdECPublicKey ed && "Ed25519".equals(ed.getParams().getName())) {
            return SignatureAlgorithm.ED25519;
        }
        if (key instanceof ECPublicKey ec && isP256(ec, spki)) {
            return SignatureAlgorithm.ECDSA_P256;
        }
        if (startsWith(spki, ML_DSA_44_PREFIX)) {
            return SignatureAlgorithm.ML_DSA_44;
        }
        throw new IllegalArgumentException(
                "a key of "
                        + key.getAlgorithm()
                        + " is not taken: Ed25519, ECDSA P-256 or ML-DSA-44 is");
    }

    private static boolean isP256(ECPublicKey key, byte[] spki) {
        return spki.length == P_256_SPKI_BYTES
                && key.getParams().getOrder().equals(EcdsaSignature.ORDER);
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length > prefix.length
                && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    public SignatureAlgorithm algorithm() {
        return algorithm;
    }

    public PublicKey publicKey() {
        return key;
    }

    /** SubjectPublicKeyInfo, DER. */
    public byte[] spki() {
        return spki.clone();
    }

    /** The key as its algorithm writes it: of ECDSA the uncompressed point. */
    public byte[] raw() {
        int length =
                switch (algorithm) {
                    case ED25519 -> ED25519_BYTES;
                    case ECDSA_P256 -> 65;
                    case ML_DSA_44 -> ML_DSA_44_BYTES;
                };
        return Arrays.copyOfRange(spki, spki.length - length, spki.length);
    }

    /** The SHA-256 of {@link #spki}. */
    public Digest id() {
        return Digest.ofBytes(spki);
    }

    /**
     * Whether {@code signature} is this key's of {@code message}, in the one encoding that the
     * algorithm has; garbage is a no.
     */
    public boolean verify(byte[] message, byte[] signature) {
        if (algorithm == SignatureAlgorithm.ECDSA_P256 && !EcdsaSignature.isCanonical(signature)) {
            return false;
        }
        return SignatureMemory.remembering(
                algorithm.jdkName(), spki, message, signature, () -> check(message, signature));
    }

    private boolean check(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm.jdkName());
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException | InvalidKeyException garbage) {
            return false;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK cannot verify " + algorithm, missing);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyingKey that && Arrays.equals(spki, that.spki);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(spki);
    }

    @Override
    public String toString() {
        return algorithm + " " + id();
    }
}
