package dev.modunest.loader.fetch;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The addresses that serve the artifacts of one registry. They are asked in their order; one that
 * failed comes last for half a minute, so that not every artifact waits for it. Thread-safe.
 */
final class Mirrors {

    private static final long REST_NANOS = Duration.ofSeconds(30).toNanos();

    private final List<URI> bases;
    private final LongSupplier nanoTime;
    private final Map<URI, Long> failed = new ConcurrentHashMap<>();

    Mirrors(Optional<URI> registry, List<URI> others, LongSupplier nanoTime) {
        Set<URI> all = new LinkedHashSet<>();
        registry.ifPresent(all::add);
        all.addAll(others);
        this.bases = List.copyOf(all);
        this.nanoTime = nanoTime;
    }

    /** All of them, in the order in which they are asked now. */
    List<URI> inOrder() {
        if (failed.isEmpty()) {
            return bases;
        }
        List<URI> well = new ArrayList<>();
        List<URI> resting = new ArrayList<>();
        for (URI base : bases) {
            (rests(base) ? resting : well).add(base);
        }
        well.addAll(resting);
        return well;
    }

    private boolean rests(URI base) {
        Long at = failed.get(base);
        return at != null && nanoTime.getAsLong() - at < REST_NANOS;
    }

    void failed(URI base) {
        failed.put(base, nanoTime.getAsLong());
    }

    void served(URI base) {
        failed.remove(base);
    }
}
