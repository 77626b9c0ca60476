package dev.modunest.edge.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.format.Digest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The artifacts that an event has withdrawn, and the gate of the tiers: what is withdrawn is not
 * admitted, not even by a fill that began before; what is purged is not admitted by such a fill.
 * Thread-safe; {@link #find} takes no lock.
 */
public final class Refusals {

    /** Why an artifact is not served, and how that is told. */
    public enum Kind {
        QUARANTINED(451, "release-quarantined", "The release is in quarantine"),
        DELETED(410, "release-deleted", "The release has been deleted"),
        /** Its namespace is private now: to whoever may not read it, there is no such thing. */
        HIDDEN(404, "artifact-unknown", "There is no such artifact");

        private final int status;
        private final String code;
        private final String title;

        Kind(int status, String code, String title) {
            this.status = status;
            this.code = code;
            this.title = title;
        }

        public int status() {
            return status;
        }

        public String code() {
            return code;
        }

        public String title() {
            return title;
        }
    }

    /** Puts an artifact into a tier. */
    @FunctionalInterface
    public interface Admission {
        void run() throws IOException;
    }

    private final int max;
    private final Cache<Digest, Kind> refused;

    /** In which epoch an object was purged, the oldest first. */
    private final Map<Digest, Long> purged = new LinkedHashMap<>();

    /** What began before is not admitted. */
    private long floor;

    private volatile long epoch;

    /**
     * @param max withdrawn artifacts that are remembered, for others the origin's answer counts;
     *     and purged ones, whose fills are told from others
     */
    public Refusals(int max) {
        this.max = max;
        refused = Caffeine.newBuilder().maximumSize(max).executor(Runnable::run).build();
    }

    public @Nullable Kind find(Digest digest) {
        return refused.getIfPresent(digest);
    }

    /**
     * From now on {@code digest} is not admitted. What a tier has of it is the caller's to drop.
     */
    public synchronized void refuse(Digest digest, Kind kind) {
        refused.put(digest, kind);
    }

    public synchronized void lift(Digest digest) {
        refused.invalidate(digest);
    }

    /** Nothing is known any more: what began before is not admitted, and no refusal holds. */
    public synchronized void reset() {
        epoch = epoch + 1;
        floor = epoch;
        purged.clear();
        refused.invalidateAll();
    }

    /** A fill of {@code digest} that has begun is not admitted; a later one is. */
    public synchronized void purge(Digest digest) {
        epoch = epoch + 1;
        purged.remove(digest);
        purged.put(digest, epoch);
        if (purged.size() > max) {
            Iterator<Long> oldest = purged.values().iterator();
            floor = oldest.next();
            oldest.remove();
        }
    }

    /** To be taken before an artifact is asked for, and given to {@link #admit}. */
    public long epoch() {
        return epoch;
    }

    /** Whether it is withdrawn; what is hidden is not from those who prove that they may read. */
    public boolean isRefused(StoredArtifact artifact) {
        Kind kind = find(artifact.digest());
        return kind != null && !(kind == Kind.HIDDEN && artifact.secret());
    }

    /** Runs {@code admission} unless the object has been withdrawn or purged since. */
    synchronized boolean admit(StoredArtifact artifact, long begun, Admission admission)
            throws IOException {
        Long purgedIn = purged.get(artifact.digest());
        if (begun < floor || (purgedIn != null && begun < purgedIn) || isRefused(artifact)) {
            return false;
        }
        admission.run();
        return true;
    }

    /** Runs {@code keep} if {@code digest} is still refused. */
    public synchronized void ifRefused(Digest digest, Runnable keep) {
        if (refused.getIfPresent(digest) != null) {
            keep.run();
        }
    }
}
