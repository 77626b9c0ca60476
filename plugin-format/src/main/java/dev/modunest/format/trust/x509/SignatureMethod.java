package dev.modunest.format.trust.x509;

import dev.modunest.format.sign.SignatureMemory;
import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How certificates, revocation lists and time stamps may be signed: each with the one encoding of
 * its AlgorithmIdentifier (RFC 4055, 5758, 8410, 9881). Nothing with MD5 or SHA-1 is among them.
 */
public enum SignatureMethod {
    ECDSA_SHA256("300a06082a8648ce3d040302", "SHA256withECDSA", "EC"),
    ECDSA_SHA384("300a06082a8648ce3d040303", "SHA384withECDSA", "EC"),
    ECDSA_SHA512("300a06082a8648ce3d040304", "SHA512withECDSA", "EC"),
    RSA_SHA256("300d06092a864886f70d01010b0500", "SHA256withRSA", "RSA"),
    RSA_SHA384("300d06092a864886f70d01010c0500", "SHA384withRSA", "RSA"),
    RSA_SHA512("300d06092a864886f70d01010d0500", "SHA512withRSA", "RSA"),
    RSA_PSS_SHA256(pss("01", "20"), "RSASSA-PSS", "RSA"),
    RSA_PSS_SHA384(pss("02", "30"), "RSASSA-PSS", "RSA"),
    RSA_PSS_SHA512(pss("03", "40"), "RSASSA-PSS", "RSA"),
    ED25519("300506032b6570", "Ed25519", "EdDSA"),
    ML_DSA_44("300b0609608648016503040311", "ML-DSA-44", "ML-DSA"),
    ML_DSA_65("300b0609608648016503040312", "ML-DSA-65", "ML-DSA"),
    ML_DSA_87("300b0609608648016503040313", "ML-DSA-87", "ML-DSA");

    private static final Map<String, SignatureMethod> BY_IDENTIFIER =
            Arrays.stream(values())
                    .collect(Collectors.toMap(method -> method.identifier, Function.identity()));

    private final String identifier;
    private final String jdkName;
    private final String keyAlgorithm;

    SignatureMethod(String identifier, String jdkName, String keyAlgorithm) {
        this.identifier = identifier;
        this.jdkName = jdkName;
        this.keyAlgorithm = keyAlgorithm;
    }

    private static String pss(String hash, String salt) {
        String digest = "300d06096086480165030402" + hash + "0500";
        return "304106092a864886f70d01010a3034a00f"
                + digest
                + "a11c301a06092a864886f70d010108"
                + digest
                + "a2030201"
                + salt;
    }

    /** The method of an AlgorithmIdentifier; empty when it is none of these. */
    public static Optional<SignatureMethod> of(DerValue algorithmIdentifier) {
        return Optional.ofNullable(
                BY_IDENTIFIER.get(HexFormat.of().formatHex(algorithmIdentifier.encoded())));
    }

    /** The method that ECDSA, RSA or EdDSA keys use where no algorithm is written: SHA-256. */
    public static Optional<SignatureMethod> usual(PublicKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> Optional.of(ECDSA_SHA256);
            case "RSA" -> Optional.of(RSA_SHA256);
            case "EdDSA" -> Optional.of(ED25519);
            case "ML-DSA" -> Optional.of(ML_DSA_44);
            default -> Optional.empty();
        };
    }

    /** Whether {@code signature} is the key's of {@code message}; garbage is a no. */
    public boolean verify(PublicKey key, byte[] message, byte[] signature) {
        if (!key.getAlgorithm().equals(keyAlgorithm)
                || ("EC".equals(keyAlgorithm) && !isCanonicalEcdsa(signature))) {
            return false;
        }
        return SignatureMemory.remembering(
                name(), key.getEncoded(), message, signature, () -> check(key, message, signature));
    }

    private boolean check(PublicKey key, byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(jdkName);
            if (jdkName.equals("RSASSA-PSS")) {
                verifier.setParameter(pssParameters());
            }
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (SignatureException
                | InvalidKeyException
                | InvalidAlgorithmParameterException garbage) {
            return false;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK cannot verify " + jdkName, missing);
        }
    }

    /**
     * Whether {@code signature} is the key's of what has this SHA-256, where the message itself is
     * not at hand; a no for the methods that cannot tell.
     */
    public boolean verifyDigest(PublicKey key, byte[] sha256, byte[] signature) {
        if (this != ECDSA_SHA256
                || !"EC".equals(key.getAlgorithm())
                || !isCanonicalEcdsa(signature)) {
            return false;
        }
        return SignatureMemory.remembering(
                "NONEwithECDSA",
                key.getEncoded(),
                sha256,
                signature,
                () -> checkDigest(key, sha256, signature));
    }

    private static boolean checkDigest(PublicKey key, byte[] sha256, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance("NONEwithECDSA");
            verifier.initVerify(key);
            verifier.update(sha256);
            return verifier.verify(signature);
        } catch (SignatureException | InvalidKeyException garbage) {
            return false;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK cannot verify NONEwithECDSA", missing);
        }
    }

    private PSSParameterSpec pssParameters() {
        String hash = "SHA-" + name().substring(name().length() - 3);
        int salt = Integer.parseInt(hash.substring(4)) / 8;
        return new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), salt, 1);
    }

    /** SEQUENCE of two positive INTEGERs (RFC 3279 2.2.3); the JDK takes more. */
    private static boolean isCanonicalEcdsa(byte[] signature) {
        try {
            DerSequence numbers = DerValue.parse(signature).members(Tag.SEQUENCE);
            BigInteger r = numbers.next().integer();
            BigInteger s = numbers.next().integer();
            numbers.end();
            return r.signum() > 0 && s.signum() > 0;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
