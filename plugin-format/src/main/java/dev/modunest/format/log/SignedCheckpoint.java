package dev.modunest.format.log;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A checkpoint with its signatures, which are checked by {@link #find} and not before.
 *
 * @param note its text is that of the checkpoint
 */
public record SignedCheckpoint(Checkpoint checkpoint, Note note) {

    public SignedCheckpoint {
        if (!checkpoint.text().equals(note.text())) {
            throw new IllegalArgumentException("the note is of another checkpoint");
        }
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static SignedCheckpoint parse(String note) {
        Note parsed = Note.parse(note);
        return new SignedCheckpoint(Checkpoint.parse(parsed.text()), parsed);
    }

    /** The checkpoint signed by each of {@code signers}. */
    public static SignedCheckpoint sign(
            Checkpoint checkpoint, Collection<NoteSigner> signers, Instant now) {
        List<Note.Line> lines =
                signers.stream().map(signer -> signer.sign(checkpoint, now)).toList();
        return new SignedCheckpoint(checkpoint, new Note(checkpoint.text(), lines));
    }

    /**
     * The signature of {@code key}; empty when there is none, or one that is not of this
     * checkpoint.
     */
    public Optional<Signature> find(NoteKey key) {
        List<Note.Line> lines = note.lines().stream().filter(key::isOf).toList();
        // Of a key that is known every signature must be right (signed-note, Signatures).
        return lines.stream().allMatch(line -> key.verify(checkpoint, line).isPresent())
                ? lines.stream().findFirst().flatMap(line -> key.verify(checkpoint, line))
                : Optional.empty();
    }

    /** The same with only the signatures of those keys, which must be there. */
    public SignedCheckpoint only(Collection<NoteKey> keys) {
        List<Note.Line> lines =
                note.lines().stream()
                        .filter(line -> keys.stream().anyMatch(key -> key.isOf(line)))
                        .toList();
        return new SignedCheckpoint(checkpoint, new Note(note.text(), lines));
    }

    public SignedCheckpoint with(List<Note.Line> cosignatures) {
        return new SignedCheckpoint(checkpoint, note.with(cosignatures));
    }

    /**
     * A signature that is right.
     *
     * @param at when it was made, as the signer says; the epoch when it does not
     */
    public record Signature(NoteKey key, Instant at) {}

    @Override
    public String toString() {
        return note.toString();
    }
}
