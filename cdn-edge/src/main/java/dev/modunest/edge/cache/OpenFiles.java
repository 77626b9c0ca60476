package dev.modunest.edge.cache;

import dev.modunest.format.Digest;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;

/** The objects whose file stays open between requests, least recently used first. Thread-safe. */
final class OpenFiles {

    private final int max;
    private final Map<Digest, OpenFile> files = new LinkedHashMap<>(16, 0.75f, true);

    OpenFiles(int max) {
        this.max = max;
    }

    /** A lease on the file if it is open. */
    synchronized @Nullable OpenFile lease(Digest digest) {
        OpenFile file = files.get(digest);
        return file != null && file.lease() ? file : null;
    }

    /** Keeps {@code file} open, by a lease of its own. */
    synchronized void keep(Digest digest, OpenFile file) {
        if (!file.lease()) {
            throw new IllegalStateException("a closed file cannot be kept: " + digest);
        }
        OpenFile before = files.put(digest, file);
        if (before != null) {
            before.release();
        }
        if (files.size() > max) {
            Digest eldest = files.keySet().iterator().next();
            forget(eldest);
        }
    }

    synchronized void forget(Digest digest) {
        OpenFile file = files.remove(digest);
        if (file != null) {
            file.release();
        }
    }

    synchronized void closeAll() {
        files.values().forEach(OpenFile::release);
        files.clear();
    }
}
