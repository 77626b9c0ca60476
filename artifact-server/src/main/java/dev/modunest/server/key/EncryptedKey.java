package dev.modunest.server.key;

import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.crypto.util.PBKDF2Config;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfoBuilder;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEOutputEncryptorBuilder;

import java.io.IOException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * EncryptedPrivateKeyInfo (RFC 5958 3) by PBES2 (RFC 8018 6.2); written with AES-256-CBC and PBKDF2
 * of HMAC-SHA-256, read with what the JDK knows of it.
 */
final class EncryptedKey {

    private static final int ITERATIONS = 600_000;
    private static final int SALT_BYTES = 16;

    private EncryptedKey() {}

    static byte[] encrypt(byte[] pkcs8, char[] passphrase) {
        try {
            return new PKCS8EncryptedPrivateKeyInfoBuilder(pkcs8)
                    .build(
                            new JcePKCSPBEOutputEncryptorBuilder(
                                            new PBKDF2Config.Builder()
                                                    .withIterationCount(ITERATIONS)
                                                    .withSaltLength(SALT_BYTES)
                                                    .withPRF(PBKDF2Config.PRF_SHA256)
                                                    .build(),
                                            NISTObjectIdentifiers.id_aes256_CBC)
                                    .setProvider(new BouncyCastleProvider())
                                    .build(passphrase))
                    .getEncoded();
        } catch (OperatorCreationException | IOException impossible) {
            throw new IllegalStateException("AES-256 and PBKDF2 are always there", impossible);
        }
    }

    static byte[] decrypt(Path file, byte[] der, char[] passphrase) {
        try {
            EncryptedPrivateKeyInfo sealed = new EncryptedPrivateKeyInfo(der);
            AlgorithmParameters parameters = sealed.getAlgParameters();
            if (parameters == null || !parameters.toString().startsWith("PBEWithHmac")) {
                throw new KeyException(
                        file
                                + " is encrypted by "
                                + sealed.getAlgName()
                                + " and not by PBES2; convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in "
                                + file);
            }
            String name = parameters.toString();
            Cipher cipher = Cipher.getInstance(name);
            cipher.init(Cipher.DECRYPT_MODE, key(name, passphrase), parameters);
            return cipher.doFinal(sealed.getEncryptedData());
        } catch (GeneralSecurityException | IOException refused) {
            throw new KeyException(
                    file + " cannot be decrypted; is the passphrase the right one?", refused);
        }
    }

    private static SecretKey key(String name, char[] passphrase) throws GeneralSecurityException {
        return SecretKeyFactory.getInstance(name).generateSecret(new PBEKeySpec(passphrase));
    }
}
