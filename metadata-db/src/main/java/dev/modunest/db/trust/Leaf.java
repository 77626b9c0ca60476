package dev.modunest.db.trust;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import java.time.Instant;
import java.util.Optional;

/** A leaf of the log. */
public final class Leaf {

    private final long index;
    private final LeafKind kind;
    private final byte[] entry;
    private final String bundle;
    private final Digest payload;
    private final Optional<Coordinate> release;
    private final Instant at;

    Leaf(long index, NewLeaf leaf) {
        this.index = index;
        this.kind = leaf.kind();
        this.entry = leaf.entry();
        this.bundle = leaf.bundle();
        this.payload = leaf.payload();
        this.release = leaf.release();
        this.at = leaf.at();
    }

    public long index() {
        return index;
    }

    public LeafKind kind() {
        return kind;
    }

    /** What is hashed. */
    public byte[] entry() {
        return entry.clone();
    }

    /** A Sigstore bundle without log entries. */
    public String bundle() {
        return bundle;
    }

    /** The digest of the payload of the DSSE envelope in the bundle. */
    public Digest payload() {
        return payload;
    }

    public Optional<Coordinate> release() {
        return release;
    }

    /** When its transaction made it. */
    public Instant at() {
        return at;
    }
}
