package dev.modunest.edge.cache;

import dev.modunest.format.Digest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is on disk, least recently used first, and the room it takes. Thread-safe; every operation
 * is a few instructions under one lock, so that an event loop may use it.
 */
final class DiskIndex {

    private final long quota;
    private final Map<Digest, StoredArtifact> artifacts = new LinkedHashMap<>(16, 0.75f, true);
    private long stored;
    private long reserved;

    DiskIndex(long quota) {
        this.quota = quota;
    }

    /** Finds an artifact and makes it the most recently used. */
    synchronized @Nullable StoredArtifact find(Digest digest) {
        return artifacts.get(digest);
    }

    /**
     * Sets {@code bytes} aside. Null when even an empty tier has no room beside what others have
     * set aside; else the artifacts that had to leave.
     */
    synchronized @Nullable List<StoredArtifact> reserve(long bytes) {
        if (reserved + bytes > quota) {
            return null;
        }
        reserved += bytes;
        return shrink();
    }

    synchronized void unreserve(long bytes) {
        reserved -= bytes;
    }

    /** Adds an artifact; gives those that had to leave. */
    synchronized List<StoredArtifact> add(StoredArtifact artifact) {
        StoredArtifact before = artifacts.put(artifact.digest(), artifact);
        stored += artifact.size() - (before == null ? 0 : before.size());
        return shrink();
    }

    /** Removes exactly {@code artifact}: not what may have been stored for its digest since. */
    synchronized boolean remove(StoredArtifact artifact) {
        boolean removed = artifacts.remove(artifact.digest(), artifact);
        if (removed) {
            stored -= artifact.size();
        }
        return removed;
    }

    /** Removes what is stored for {@code digest}. */
    synchronized @Nullable StoredArtifact remove(Digest digest) {
        StoredArtifact artifact = artifacts.remove(digest);
        if (artifact != null) {
            stored -= artifact.size();
        }
        return artifact;
    }

    synchronized List<Digest> digests() {
        return List.copyOf(artifacts.keySet());
    }

    synchronized long storedBytes() {
        return stored;
    }

    synchronized int objects() {
        return artifacts.size();
    }

    private List<StoredArtifact> shrink() {
        List<StoredArtifact> leaving = new ArrayList<>();
        Iterator<StoredArtifact> oldestFirst = artifacts.values().iterator();
        while (stored + reserved > quota && oldestFirst.hasNext()) {
            StoredArtifact artifact = oldestFirst.next();
            oldestFirst.remove();
            stored -= artifact.size();
            leaving.add(artifact);
        }
        return leaving;
    }
}
