package dev.modunest.format.log;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signatures of checkpoints that were found right, so that a head that several proofs carry is
 * checked once. What is wrong is never remembered; of the rest at most {@link #MAX_REMEMBERED}.
 * Thread-safe.
 */
public final class VerifiedHeads {

    static final int MAX_REMEMBERED = 64;

    private final Set<Signed> right = ConcurrentHashMap.newKeySet();

    /** A text and all its lines by one key: whoever changes a letter of them asks anew. */
    private record Signed(NoteKey key, String text, List<Note.Line> lines) {}

    /** Whether {@link SignedCheckpoint#find} finds a signature of {@code key}. */
    public boolean isSigned(SignedCheckpoint head, NoteKey key) {
        List<Note.Line> lines = head.note().lines().stream().filter(key::isOf).toList();
        Signed signed = new Signed(key, head.note().text(), lines);
        if (right.contains(signed)) {
            return true;
        }
        if (head.find(key).isEmpty()) {
            return false;
        }
        if (right.size() >= MAX_REMEMBERED) {
            right.clear();
        }
        right.add(signed);
        return true;
    }

    int remembered() {
        return right.size();
    }
}
