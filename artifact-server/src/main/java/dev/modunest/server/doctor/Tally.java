package dev.modunest.server.doctor;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** The counts of an examination under way. Thread-safe. */
final class Tally {

    final AtomicLong objects = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
    final AtomicLong releases = new AtomicLong();
    final AtomicLong hashed = new AtomicLong();
    final AtomicLong underWay = new AtomicLong();
    final AtomicLong logFiles = new AtomicLong();
    final AtomicLong removed = new AtomicLong();
    private final Map<String, Long> differences = new TreeMap<>();

    synchronized void count(Difference difference) {
        differences.merge(difference.code(), 1L, Long::sum);
    }

    synchronized Findings findings() {
        return new Findings(
                objects.get(),
                bytes.get(),
                releases.get(),
                hashed.get(),
                underWay.get(),
                removed.get(),
                logFiles.get(),
                Map.copyOf(differences));
    }
}
