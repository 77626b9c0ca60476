package dev.modunest.format.log;

import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.VerifyingKey;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A key that signs checkpoints: of a log, or of a witness.
 *
 * @param name of who has it
 */
public record NoteKey(String name, Kind kind, VerifyingKey key) {

    /** What a signature says and how it is made. */
    public enum Kind {
        /** The text of the note (signed-note, 0x01). */
        ED25519(1, SignatureAlgorithm.ED25519),
        /** The text of the note (signed-note, 0x02), as Sigstore's logs do. */
        ECDSA_P256(2, SignatureAlgorithm.ECDSA_P256),
        /** A time and the text of the note (tlog-cosignature, 0x04). */
        ED25519_COSIGNATURE(4, SignatureAlgorithm.ED25519),
        /** A time, origin, size and root (tlog-cosignature, 0x06). */
        ML_DSA_44_COSIGNATURE(6, SignatureAlgorithm.ML_DSA_44);

        private final byte type;
        private final SignatureAlgorithm algorithm;

        Kind(int type, SignatureAlgorithm algorithm) {
            this.type = (byte) type;
            this.algorithm = algorithm;
        }

        boolean hasTime() {
            return this == ED25519_COSIGNATURE || this == ML_DSA_44_COSIGNATURE;
        }
    }

    private static final int MAX_NAME_BYTES = 255;
    private static final byte[] SUBTREE = "subtree/v1\n\0".getBytes(StandardCharsets.US_ASCII);

    public NoteKey {
        Note.checkName(name);
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("the name of a key has at most 255 bytes");
        }
        if (key.algorithm() != kind.algorithm) {
            throw new IllegalArgumentException(
                    "a key of " + key.algorithm() + " does not sign as " + kind);
        }
    }

    /**
     * Reads a verifier key, {@code <name>+<hex id>+<base64 of type and key>}.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static NoteKey parse(String vkey) {
        String[] parts = vkey.split("\\+", 3);
        byte[] typed =
                Optional.of(parts)
                        .filter(words -> words.length == 3)
                        .flatMap(words -> CanonicalBase64.decode(words[2]))
                        .filter(bytes -> bytes.length > 1)
                        .orElseThrow(() -> malformed(vkey));
        NoteKey key = ofTyped(parts[0], typed);
        if (!parts[1].equals(HexFormat.of().toHexDigits(key.id()))) {
            throw new IllegalArgumentException("'" + vkey + "' has the id of another key");
        }
        return key;
    }

    private static NoteKey ofTyped(String name, byte[] typed) {
        byte[] raw = Arrays.copyOfRange(typed, 1, typed.length);
        return switch (typed[0]) {
            case 1 -> new NoteKey(name, Kind.ED25519, VerifyingKey.ofEd25519(raw));
            case 2 -> new NoteKey(name, Kind.ECDSA_P256, VerifyingKey.ofSpki(raw));
            case 4 -> new NoteKey(name, Kind.ED25519_COSIGNATURE, VerifyingKey.ofEd25519(raw));
            case 6 -> new NoteKey(name, Kind.ML_DSA_44_COSIGNATURE, VerifyingKey.ofMlDsa44(raw));
            default -> throw new IllegalArgumentException("signatures of type " + typed[0]);
        };
    }

    private static IllegalArgumentException malformed(String vkey) {
        return new IllegalArgumentException(
                "'" + vkey + "' is no verifier key: <name>+<8 hex digits>+<base64>");
    }

    /** The verifier key, as others configure it. */
    public String vkey() {
        byte[] typed =
                ByteBuffer.allocate(1 + material().length).put(kind.type).put(material()).array();
        return name
                + "+"
                + HexFormat.of().toHexDigits(id())
                + "+"
                + Base64.getEncoder().encodeToString(typed);
    }

    private byte[] material() {
        return kind == Kind.ECDSA_P256 ? key.spki() : key.raw();
    }

    /** With the name, says in a note whose signature it is. */
    public int id() {
        MessageDigest sha256 = sha256();
        if (kind != Kind.ECDSA_P256) {
            sha256.update(name.getBytes(StandardCharsets.UTF_8));
            sha256.update((byte) '\n');
            sha256.update(kind.type);
        }
        return ByteBuffer.wrap(sha256.digest(material())).getInt();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    boolean isOf(Note.Line line) {
        return line.keyId() == id() && line.name().equals(name);
    }

    /** The signature in {@code line} when it is this key's of {@code checkpoint}. */
    Optional<SignedCheckpoint.Signature> verify(Checkpoint checkpoint, Note.Line line) {
        ByteBuffer rest = ByteBuffer.wrap(line.signature());
        try {
            long seconds = kind.hasTime() ? rest.getLong() : 0;
            byte[] signature = new byte[rest.remaining()];
            rest.get(signature);
            return seconds >= 0
                            && seconds <= Instant.MAX.getEpochSecond()
                            && key.verify(message(checkpoint, seconds), signature)
                    ? Optional.of(
                            new SignedCheckpoint.Signature(this, Instant.ofEpochSecond(seconds)))
                    : Optional.empty();
        } catch (BufferUnderflowException truncated) {
            return Optional.empty();
        }
    }

    /** What is signed of a checkpoint at that time, in seconds since the epoch. */
    byte[] message(Checkpoint checkpoint, long seconds) {
        return switch (kind) {
            case ED25519, ECDSA_P256 -> checkpoint.text().getBytes(StandardCharsets.UTF_8);
            case ED25519_COSIGNATURE ->
                    ("cosignature/v1\ntime " + seconds + "\n" + checkpoint.text())
                            .getBytes(StandardCharsets.UTF_8);
            case ML_DSA_44_COSIGNATURE -> subtree(checkpoint, seconds);
        };
    }

    private byte[] subtree(Checkpoint checkpoint, long seconds) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(SUBTREE);
        writeShort(message, name);
        message.writeBytes(bigEndian(seconds));
        writeShort(message, checkpoint.origin());
        message.writeBytes(bigEndian(0));
        message.writeBytes(bigEndian(checkpoint.size()));
        message.writeBytes(checkpoint.root().bytes());
        return message.toByteArray();
    }

    private static void writeShort(ByteArrayOutputStream message, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        message.write(utf8.length);
        message.writeBytes(utf8);
    }

    private static byte[] bigEndian(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
