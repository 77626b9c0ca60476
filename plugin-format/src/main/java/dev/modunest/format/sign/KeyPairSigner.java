package dev.modunest.format.sign;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/** Signs with a private key of the JDK. Thread-safe. */
public final class KeyPairSigner implements Signer {

    private final VerifyingKey key;
    private final PrivateKey secret;

    /**
     * The signer of a key pair.
     *
     * @throws IllegalArgumentException when the key is of no {@link SignatureAlgorithm}
     */
    public KeyPairSigner(KeyPair pair) {
        this.key = VerifyingKey.of(pair.getPublic());
        this.secret = pair.getPrivate();
    }

    /** A new key pair. */
    public static KeyPair generate(SignatureAlgorithm algorithm) {
        try {
            return switch (algorithm) {
                case ED25519 -> KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                case ECDSA_P256 -> p256();
                case ML_DSA_44 -> KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair();
            };
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no " + algorithm + " keys", missing);
        }
    }

    private static KeyPair p256()
            throws NoSuchAlgorithmException, InvalidAlgorithmParameterException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    @Override
    public VerifyingKey key() {
        return key;
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance(key.algorithm().jdkName());
            signature.initSign(secret);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException refused) {
            throw new IllegalStateException("the key does not sign", refused);
        }
    }
}
