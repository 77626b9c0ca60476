package dev.modunest.edge.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import dev.modunest.format.Digest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * The artifacts that an event has withdrawn, and the gate of the tiers: what is withdrawn is not
 * admitted, not even by a fill that began before. Thread-safe; {@link #find} takes no lock.
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

    private final Cache<Digest, Kind> refused;
    private volatile long epoch;

    /**
     * @param max withdrawn artifacts that are remembered; for others the origin's answer counts
     */
    public Refusals(int max) {
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
        refused.invalidateAll();
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

    /** Runs {@code admission} unless the artifact has been withdrawn since {@code begun}. */
    synchronized boolean admit(StoredArtifact artifact, long begun, Admission admission)
            throws IOException {
        if (begun != epoch || isRefused(artifact)) {
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
