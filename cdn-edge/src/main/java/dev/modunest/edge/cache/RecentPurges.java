package dev.modunest.edge.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The last purges by name, numbered, so that a fetch that began before one does not bring back what
 * that has dropped. Bounded by the heap that their names take: a fetch that began before one that
 * is forgotten counts as named by it. Thread-safe.
 */
final class RecentPurges {

    /** What the purges since the beginning of a fetch mean for it. */
    private enum Verdict {
        UNTOUCHED,
        OUTDATED,
        DROPPED
    }

    private record Numbered(long number, NamedPurge purge) {}

    private final long maxBytes;
    private final Deque<Numbered> newestFirst = new ArrayDeque<>();
    private long bytes;
    private long forgotten;
    private volatile long last;

    RecentPurges(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** The number of the last one. */
    long last() {
        return last;
    }

    synchronized void add(NamedPurge purge) {
        newestFirst.addFirst(new Numbered(last + 1, purge));
        bytes += purge.weight();
        while (bytes > maxBytes) {
            Numbered oldest = newestFirst.removeLast();
            bytes -= oldest.purge().weight();
            forgotten = oldest.number();
        }
        last = last + 1;
    }

    /** Whether one after the number {@code since} selects a response. */
    boolean isSelected(long since, Predicate<NamedPurge> selects) {
        return since < last && verdict(since, selects) != Verdict.UNTOUCHED;
    }

    /**
     * Runs {@code store} with the response as the purges since its fetch began leave it; false when
     * one has dropped it. No purge begins meanwhile.
     */
    synchronized boolean admit(
            String uri, StoredResponse response, Consumer<StoredResponse> store) {
        switch (verdict(response.head().stamp().purge(), purge -> purge.selects(uri, response))) {
            case UNTOUCHED -> store.accept(response);
            case OUTDATED -> store.accept(response.outOfDate());
            case DROPPED -> {
                return false;
            }
        }
        return true;
    }

    private synchronized Verdict verdict(long since, Predicate<NamedPurge> selects) {
        if (since < forgotten) {
            return Verdict.DROPPED;
        }
        Verdict verdict = Verdict.UNTOUCHED;
        for (Numbered each : newestFirst) {
            if (each.number() <= since) {
                break;
            }
            if (selects.test(each.purge())) {
                if (!each.purge().soft()) {
                    return Verdict.DROPPED;
                }
                verdict = Verdict.OUTDATED;
            }
        }
        return verdict;
    }
}
