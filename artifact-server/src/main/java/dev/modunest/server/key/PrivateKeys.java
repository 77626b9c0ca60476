package dev.modunest.server.key;

import dev.modunest.format.sign.VerifyingKey;

import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.MLDSAPrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.PKCS8EncodedKeySpec;

/** Key pairs from PKCS#8, which has the private half alone: the other is computed. */
final class PrivateKeys {

    private PrivateKeys() {}

    /** Throws IllegalArgumentException for what is no Ed25519, P-256 or ML-DSA-44 key. */
    static KeyPair pair(byte[] pkcs8) {
        try {
            PrivateKeyInfo info = parse(pkcs8);
            VerifyingKey key =
                    VerifyingKey.ofSpki(
                            SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                                            publicHalf(PrivateKeyFactory.createKey(info)))
                                    .getEncoded());
            KeyFactory factory =
                    KeyFactory.getInstance(
                            switch (key.algorithm()) {
                                case ED25519 -> "Ed25519";
                                case ECDSA_P256 -> "EC";
                                case ML_DSA_44 -> "ML-DSA-44";
                            });
            return new KeyPair(
                    key.publicKey(), factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (IOException | GeneralSecurityException | ClassCastException malformed) {
            throw new IllegalArgumentException("no private key as PKCS#8", malformed);
        }
    }

    private static PrivateKeyInfo parse(byte[] pkcs8) {
        try {
            return PrivateKeyInfo.getInstance(pkcs8);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("no private key as PKCS#8", malformed);
        }
    }

    private static AsymmetricKeyParameter publicHalf(AsymmetricKeyParameter secret) {
        return switch (secret) {
            case Ed25519PrivateKeyParameters ed -> ed.generatePublicKey();
            case ECPrivateKeyParameters ec ->
                    new ECPublicKeyParameters(
                            new FixedPointCombMultiplier()
                                    .multiply(ec.getParameters().getG(), ec.getD())
                                    .normalize(),
                            ec.getParameters());
            case MLDSAPrivateKeyParameters mlDsa -> mlDsa.getPublicKeyParameters();
            default ->
                    throw new IllegalArgumentException(
                            "the key is none of Ed25519, ECDSA P-256 and ML-DSA-44");
        };
    }
}
