package dev.modunest.server.password;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets that the index keeps, by AES-256-GCM (NIST SP 800-38D) with a key that the index
 * does not have. Thread-safe.
 *
 * <p>A sealed secret is a byte 1, 8 bytes of the key's id, 12 of a random nonce, the ciphertext and
 * its tag. Random nonces are good for 2^32 secrets a key, which accounts and signing keys never
 * reach.
 */
public final class Sealer {

    private static final byte FORM = 1;
    private static final int ID_BYTES = 8;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int HEAD_BYTES = 1 + ID_BYTES + NONCE_BYTES;

    private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
    private final String first;
    private final SecureRandom random;

    private Sealer(Iterable<byte[]> keys, SecureRandom random) {
        for (byte[] key : keys) {
            this.keys.put(id(key), new SecretKeySpec(key, "AES"));
        }
        this.first = this.keys.keySet().iterator().next();
        this.random = random;
    }

    /** A sealed secret cannot be opened: it is broken, of another place, or its key is not here. */
    public static final class SealException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private SealException(String message) {
            super(message);
        }
    }

    /**
     * With the keys of {@code file}.
     *
     * @throws IllegalArgumentException when it holds none, or others than its owner may read it
     */
    public static Sealer read(Path file, SecureRandom random) {
        return new Sealer(KeyFile.read(file), random);
    }

    /** The same; makes the file with a key when it is not there. */
    public static Sealer readOrCreate(Path file, SecureRandom random) {
        KeyFile.createIfAbsent(file, random);
        return read(file, random);
    }

    /** The id of the key that seals: the begin of a hash of it, not secret. */
    public String keyId() {
        return first;
    }

    /**
     * Seals {@code secret} for one place.
     *
     * @param place what it is and whose, as in {@code totp:<account id>}; it opens there alone
     */
    public byte[] seal(byte[] secret, String place) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] head =
                ByteBuffer.allocate(HEAD_BYTES)
                        .put(FORM)
                        .put(HexFormat.of().parseHex(first))
                        .put(nonce)
                        .array();
        try {
            byte[] body = cipher(Cipher.ENCRYPT_MODE, first, head, place).doFinal(secret);
            return ByteBuffer.allocate(head.length + body.length).put(head).put(body).array();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM seals any bytes", impossible);
        }
    }

    /**
     * What {@link #seal} sealed for {@code place}.
     *
     * @throws SealException when it does not open
     */
    public byte[] open(byte[] sealed, String place) {
        if (sealed.length < HEAD_BYTES + TAG_BITS / Byte.SIZE || sealed[0] != FORM) {
            throw new SealException("no sealed secret: " + sealed.length + " bytes");
        }
        byte[] head = Arrays.copyOf(sealed, HEAD_BYTES);
        String id = HexFormat.of().formatHex(head, 1, 1 + ID_BYTES);
        if (!keys.containsKey(id)) {
            throw new SealException(
                    "sealed with the key "
                            + id
                            + ", and the key file has "
                            + String.join(", ", keys.keySet())
                            + "; add the line of that key to the file");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, id, head, place)
                    .doFinal(sealed, HEAD_BYTES, sealed.length - HEAD_BYTES);
        } catch (AEADBadTagException bad) {
            throw new SealException("the sealed secret was changed, or is not that of " + place);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("AES-GCM opens or fails by its tag", impossible);
        }
    }

    /** Whether it was sealed with an older key than the one that seals now. */
    public boolean needsReseal(byte[] sealed) {
        return sealed.length < HEAD_BYTES
                || !HexFormat.of().formatHex(sealed, 1, 1 + ID_BYTES).equals(first);
    }

    private Cipher cipher(int mode, String id, byte[] head, String place)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                keys.get(id),
                new GCMParameterSpec(TAG_BITS, head, HEAD_BYTES - NONCE_BYTES, NONCE_BYTES));
        cipher.updateAAD(head);
        cipher.updateAAD(place.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static String id(byte[] key) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update("modunest key id".getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(sha256.digest(key), 0, ID_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    @Override
    public String toString() {
        return "Sealer[key " + first + "]";
    }
}
