package dev.modunest.loader;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Ed25519 key pair by which a host proves who it is. Its file has the private key (PKCS#8) and
 * the public key in PEM and belongs to its owner alone. Immutable, thread-safe; prints no secret.
 */
public final class HostKey {

    private static final int PUBLIC_KEY_BYTES = 32;
    private static final String CODE = "host-key-unusable";

    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private HostKey(PrivateKey privateKey, PublicKey publicKey) {
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    public static HostKey generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new HostKey(pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no Ed25519", missing);
        }
    }

    /**
     * Reads a key.
     *
     * @throws LoaderException when there is none, it is unsound, or others may read it
     */
    public static HostKey load(Path file) {
        try {
            if (PrivateFiles.isOpen(file)) {
                throw new LoaderException(
                        CODE,
                        file + " can be read by others: take their rights, chmod 600 " + file);
            }
            String pem = Files.readString(file, StandardCharsets.US_ASCII);
            KeyFactory keys = KeyFactory.getInstance("Ed25519");
            HostKey key =
                    new HostKey(
                            keys.generatePrivate(
                                    new PKCS8EncodedKeySpec(block(pem, "PRIVATE KEY"))),
                            keys.generatePublic(new X509EncodedKeySpec(block(pem, "PUBLIC KEY"))));
            key.requirePair();
            return key;
        } catch (NoSuchFileException absent) {
            throw new LoaderException(
                    CODE, file + " is missing: enrol the host with 'host enrol'", absent);
        } catch (IOException unreadable) {
            throw new LoaderException(CODE, file + " cannot be read: " + unreadable, unreadable);
        } catch (GeneralSecurityException | IllegalArgumentException unsound) {
            throw new LoaderException(
                    CODE,
                    file
                            + " is no Ed25519 key pair in PEM ("
                            + unsound.getMessage()
                            + "): restore it or enrol the host again",
                    unsound);
        }
    }

    private static byte[] block(String pem, String label) {
        Matcher block =
                Pattern.compile(
                                "-----BEGIN "
                                        + label
                                        + "-----\\s+([A-Za-z0-9+/=\\s]+)-----END "
                                        + label
                                        + "-----")
                        .matcher(pem);
        if (!block.find()) {
            throw new IllegalArgumentException("it has no " + label);
        }
        return Base64.getMimeDecoder().decode(block.group(1));
    }

    private void requirePair() throws GeneralSecurityException {
        byte[] probe = "modunest".getBytes(StandardCharsets.US_ASCII);
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(publicKey);
        verifier.update(probe);
        if (!verifier.verify(sign(probe))) {
            throw new IllegalArgumentException("its two keys are no pair");
        }
    }

    /** Writes it to {@code file}, rw------- where the file system knows that. */
    public void store(Path file) throws IOException {
        String pem = pem("PRIVATE KEY", privateKey.getEncoded());
        PrivateFiles.write(
                file,
                (pem + pem("PUBLIC KEY", publicKey.getEncoded()))
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }

    /** The public key, 32 bytes as RFC 8032 encodes it. */
    public byte[] publicKey() {
        byte[] encoded = publicKey.getEncoded();
        return Arrays.copyOfRange(encoded, encoded.length - PUBLIC_KEY_BYTES, encoded.length);
    }

    /** The Ed25519 signature of {@code content}. */
    public byte[] sign(byte[] content) {
        try {
            Signature signer = Signature.getInstance("Ed25519");
            signer.initSign(privateKey);
            signer.update(content);
            return signer.sign();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("an Ed25519 key signs", impossible);
        }
    }

    @Override
    public String toString() {
        return "HostKey["
                + Base64.getUrlEncoder().withoutPadding().encodeToString(publicKey())
                + "]";
    }
}
