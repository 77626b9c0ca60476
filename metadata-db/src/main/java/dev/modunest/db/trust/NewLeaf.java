package dev.modunest.db.trust;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A leaf that a transaction appends to the log; it has its index once the transaction is over. Not
 * thread-safe.
 */
public final class NewLeaf {

    private final LeafKind kind;
    private final byte[] entry;
    private final String bundle;
    private final Digest payload;
    private final Optional<Coordinate> release;
    private final Instant at;
    private OptionalLong index = OptionalLong.empty();

    /**
     * @param entry what is hashed, 1 to 65,535 bytes
     * @param bundle a Sigstore bundle without log entries
     * @param payload of the DSSE envelope in the bundle
     * @param release that it speaks of
     */
    public NewLeaf(
            LeafKind kind,
            byte[] entry,
            String bundle,
            Digest payload,
            Optional<Coordinate> release,
            Instant at) {
        this.kind = kind;
        this.entry = entry.clone();
        this.bundle = bundle;
        this.payload = payload;
        this.release = release;
        this.at = at;
    }

    LeafKind kind() {
        return kind;
    }

    byte[] entry() {
        return entry;
    }

    String bundle() {
        return bundle;
    }

    Digest payload() {
        return payload;
    }

    Optional<Coordinate> release() {
        return release;
    }

    Instant at() {
        return at;
    }

    void takes(long given) {
        index = OptionalLong.of(given);
    }

    /** Where it is in the log. */
    public long index() {
        return index.orElseThrow(
                () -> new IllegalStateException("the leaf is in no transaction that is over"));
    }
}
