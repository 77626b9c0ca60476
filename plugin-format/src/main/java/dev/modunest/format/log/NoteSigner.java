package dev.modunest.format.log;

import dev.modunest.format.sign.Signer;

import java.nio.ByteBuffer;
import java.time.Instant;

/** Signs checkpoints. Thread-safe. */
public final class NoteSigner {

    private final NoteKey key;
    private final Signer signer;

    public NoteSigner(String name, NoteKey.Kind kind, Signer signer) {
        this.key = new NoteKey(name, kind, signer.key());
        this.signer = signer;
    }

    public NoteKey key() {
        return key;
    }

    /** The signature, with the time in whole seconds where its kind has one. */
    public Note.Line sign(Checkpoint checkpoint, Instant now) {
        long seconds = key.kind().hasTime() ? now.getEpochSecond() : 0;
        byte[] signature = signer.sign(key.message(checkpoint, seconds));
        byte[] whole =
                key.kind().hasTime()
                        ? ByteBuffer.allocate(Long.BYTES + signature.length)
                                .putLong(seconds)
                                .put(signature)
                                .array()
                        : signature;
        return Note.Line.of(key, whole);
    }
}
