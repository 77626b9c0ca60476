package dev.modunest.format.sign;

import dev.modunest.format.Digest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;

/**
 * Remembers which signatures have been found good: that a key made a signature of a message is true
 * for ever, whatever is decided about key, time and revocation, which is decided anew each time.
 * Who calls {@link #CURRENT} into being answers for nobody else writing to it. Thread-safe.
 */
public interface SignatureMemory {

    /** The memory of the work at hand; inherited by the subtasks of a structured scope. */
    ScopedValue<SignatureMemory> CURRENT = ScopedValue.newInstance();

    boolean isKnown(Digest fact);

    void add(Digest fact);

    /** {@code check}, unless its outcome is known to be yes. A no is never remembered. */
    static boolean remembering(
            String method, byte[] key, byte[] message, byte[] signature, BooleanSupplier check) {
        if (!CURRENT.isBound()) {
            return check.getAsBoolean();
        }
        SignatureMemory memory = CURRENT.get();
        Digest fact = fact(method.getBytes(StandardCharsets.UTF_8), key, message, signature);
        if (memory.isKnown(fact)) {
            return true;
        }
        boolean good = check.getAsBoolean();
        if (good) {
            memory.add(fact);
        }
        return good;
    }

    /**
     * SHA-256 over the parts, each after its length in 8 bytes, so that none runs into the next.
     */
    private static Digest fact(byte[]... parts) {
        MessageDigest sha256 = Digest.newMessageDigest();
        for (byte[] part : parts) {
            sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(part.length).array());
            sha256.update(part);
        }
        return Digest.finish(sha256);
    }
}
