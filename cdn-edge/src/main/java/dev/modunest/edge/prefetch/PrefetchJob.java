package dev.modunest.edge.prefetch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One list of targets and how far its fetching has come. Thread-safe. */
public final class PrefetchJob {

    /** Of one job; of more only the number is told. */
    private static final int MAX_FAILURES = 100;

    /** A target that could not be fetched. */
    public record Failure(String target, String reason) {}

    /**
     * How far it has come; of {@code total}, those that are neither done nor failed run or wait.
     *
     * @param failures the first of them
     * @param endedAt empty while it runs
     */
    public record Progress(
            int total,
            int done,
            int failed,
            List<Failure> failures,
            Instant begunAt,
            Optional<Instant> endedAt) {

        public int waiting() {
            return total - done - failed;
        }
    }

    private final String id;
    private final int total;
    private final Instant begunAt;
    private final List<Failure> failures = new ArrayList<>();
    private int done;
    private int failed;
    private Optional<Instant> endedAt = Optional.empty();

    PrefetchJob(String id, int total, Instant begunAt) {
        this.id = id;
        this.total = total;
        this.begunAt = begunAt;
    }

    public String id() {
        return id;
    }

    public synchronized Progress progress() {
        return new Progress(total, done, failed, List.copyOf(failures), begunAt, endedAt);
    }

    synchronized boolean isOver() {
        return endedAt.isPresent();
    }

    synchronized void ended(String target, Optional<String> failure, Instant now) {
        if (failure.isEmpty()) {
            done++;
        } else {
            failed++;
            if (failures.size() < MAX_FAILURES) {
                failures.add(new Failure(target, failure.get()));
            }
        }
        if (done + failed == total) {
            endedAt = Optional.of(now);
        }
    }
}
