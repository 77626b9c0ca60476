package dev.modunest.server.key;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Writes private keys into new files that their owner alone may read. */
public final class KeyFiles {

    private KeyFiles() {}

    /** PKCS#8 in PEM; with a passphrase encrypted by PBES2. */
    public static void writePem(Path file, KeyPair pair, Optional<char[]> passphrase) {
        byte[] pkcs8 = pair.getPrivate().getEncoded();
        String text =
                passphrase
                        .map(
                                secret ->
                                        Pem.text(
                                                Pem.ENCRYPTED_PRIVATE_KEY,
                                                EncryptedKey.encrypt(pkcs8, secret)))
                        .orElseGet(() -> Pem.text(Pem.PRIVATE_KEY, pkcs8));
        OwnFiles.create(file, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** PKCS#12 with the chain, the key's own certificate first. */
    public static void writePkcs12(
            Path file, String alias, KeyPair pair, List<X509Certificate> chain, char[] passphrase) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, passphrase);
            store.setKeyEntry(
                    alias, pair.getPrivate(), passphrase, chain.toArray(X509Certificate[]::new));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, passphrase);
            OwnFiles.create(file, bytes.toByteArray());
        } catch (GeneralSecurityException | IOException refused) {
            throw new KeyException(file + " cannot be written", refused);
        }
    }
}
