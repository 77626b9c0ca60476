package dev.modunest.format.log;

import java.util.ArrayList;
import java.util.List;

/**
 * That an entry is in a log, to be checked without the log (C2SP tlog-proof).
 *
 * @param proof in the tree of the checkpoint
 */
public record LogProof(InclusionProof proof, SignedCheckpoint checkpoint) {

    private static final String HEADER = "c2sp.org/tlog-proof@v1";
    private static final String INDEX = "index ";

    public LogProof {
        if (proof.size() != checkpoint.checkpoint().size()) {
            throw new IllegalArgumentException("the proof is for a tree of another size");
        }
    }

    /**
     * Reads one; an {@code extra} line is passed over.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static LogProof parse(String text) {
        int blank = text.indexOf("\n\n");
        if (blank < 0 || text.length() > Note.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a proof is a header, an index, hashes, a blank line and a checkpoint");
        }
        List<String> lines = new ArrayList<>(List.of(text.substring(0, blank).split("\n", -1)));
        if (!lines.removeFirst().equals(HEADER)) {
            throw new IllegalArgumentException("a proof begins with " + HEADER);
        }
        if (!lines.isEmpty() && lines.getFirst().startsWith("extra ")) {
            lines.removeFirst();
        }
        if (lines.isEmpty() || !lines.getFirst().startsWith(INDEX)) {
            throw new IllegalArgumentException("a proof names the index of its entry");
        }
        long index = Decimal.parse(lines.removeFirst().substring(INDEX.length()));
        SignedCheckpoint checkpoint = SignedCheckpoint.parse(text.substring(blank + 2));
        List<Hash> path =
                lines.stream()
                        .map(
                                line ->
                                        Hash.parse(line)
                                                .orElseThrow(
                                                        () ->
                                                                new IllegalArgumentException(
                                                                        "a hash is base64 of 32 bytes")))
                        .toList();
        return new LogProof(
                new InclusionProof(index, checkpoint.checkpoint().size(), path), checkpoint);
    }

    /** Whether the entry is where the proof says, in the tree of the checkpoint. */
    public boolean proves(byte[] entry) {
        return proof.root(Hash.leaf(entry))
                .filter(checkpoint.checkpoint().root()::equals)
                .isPresent();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(HEADER + "\n" + INDEX + proof.index() + "\n");
        proof.path().forEach(hash -> text.append(hash.base64()).append('\n'));
        return text.append('\n').append(checkpoint).toString();
    }
}
