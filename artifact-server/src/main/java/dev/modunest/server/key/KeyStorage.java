package dev.modunest.server.key;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.sign.VerifyingKey;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.Map;
import java.util.Optional;

/**
 * Opens private keys where they are kept. Files that others may read are refused. Every fault is a
 * {@link KeyException} that names the file and the fix.
 */
public final class KeyStorage {

    private final Map<String, String> environment;

    /** Passphrases of variables are taken from {@code environment}. */
    public KeyStorage(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    public Signer open(KeyLocation location, Passphrase passphrase) {
        Optional<char[]> secret = passphrase.read(environment);
        return switch (location) {
            case KeyLocation.PemFile(Path file) -> ofPem(file, secret);
            case KeyLocation.Pkcs12File(Path file, String alias) -> ofPkcs12(file, alias, secret);
            case KeyLocation.Pkcs11Token(Path configuration, String alias) ->
                    ofPkcs11(configuration, alias, secret);
        };
    }

    private static Signer ofPem(Path file, Optional<char[]> passphrase) {
        String text = new String(OwnFiles.read(file), StandardCharsets.ISO_8859_1);
        for (Pem.Block block : blocks(file, text)) {
            switch (block.label()) {
                case Pem.PRIVATE_KEY -> {
                    return signer(file, block.der());
                }
                case Pem.ENCRYPTED_PRIVATE_KEY -> {
                    return signer(
                            file,
                            EncryptedKey.decrypt(file, block.der(), required(file, passphrase)));
                }
                default -> {
                    // A certificate may stand beside the key.
                }
            }
        }
        throw new KeyException(
                file
                        + " has no private key as PKCS#8 in PEM; convert it: openssl pkcs8 -topk8 -in "
                        + file);
    }

    private static Iterable<Pem.Block> blocks(Path file, String text) {
        try {
            return Pem.blocks(text);
        } catch (IllegalArgumentException malformed) {
            throw new KeyException(file + " is no PEM: " + malformed.getMessage());
        }
    }

    private static Signer signer(Path file, byte[] pkcs8) {
        try {
            return new KeyPairSigner(PrivateKeys.pair(pkcs8));
        } catch (IllegalArgumentException malformed) {
            throw new KeyException(file + ": " + malformed.getMessage());
        }
    }

    private static char[] required(Path file, Optional<char[]> passphrase) {
        return passphrase.orElseThrow(
                () ->
                        new KeyException(
                                file
                                        + " is encrypted; name the variable or the file of its passphrase"));
    }

    private static Signer ofPkcs12(Path file, String alias, Optional<char[]> passphrase) {
        char[] secret = required(file, passphrase);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(OwnFiles.read(file)), secret);
            return new KeyPairSigner(pair(store, file, alias, secret));
        } catch (IOException | GeneralSecurityException refused) {
            throw new KeyException(
                    file + " cannot be opened; is the passphrase the right one?", refused);
        } catch (IllegalArgumentException another) {
            throw new KeyException(file + ": " + another.getMessage());
        }
    }

    private static KeyPair pair(KeyStore store, Path file, String alias, char[] secret)
            throws GeneralSecurityException {
        Key key = store.getKey(alias, secret);
        Certificate certificate = store.getCertificate(alias);
        if (key instanceof PrivateKey secretKey && certificate != null) {
            return new KeyPair(certificate.getPublicKey(), secretKey);
        }
        throw new KeyException(file + " has no private key " + alias + " with a certificate");
    }

    private static Signer ofPkcs11(Path configuration, String alias, Optional<char[]> pin) {
        if (!Files.isReadable(configuration)) {
            throw new KeyException(configuration + " cannot be read");
        }
        try {
            Provider provider =
                    Security.getProvider("SunPKCS11").configure(configuration.toString());
            KeyStore store = KeyStore.getInstance("PKCS11", provider);
            char[] secret = required(configuration, pin);
            store.load(null, secret);
            KeyPair pair = pair(store, configuration, alias, secret);
            return new TokenSigner(VerifyingKey.of(pair.getPublic()), pair.getPrivate(), provider);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException refused) {
            throw new KeyException(
                    configuration + " opens no token: " + refused.getMessage(), refused);
        }
    }
}
