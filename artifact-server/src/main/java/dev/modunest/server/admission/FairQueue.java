package dev.modunest.server.admission;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A queue per party, served in turn: the head of the party that waits longest for its turn, then of
 * the next. Where two parties wait, neither has two served before the other has one. Not
 * thread-safe.
 */
final class FairQueue<P, E> {

    /** In the order of their turns; no queue in it is empty. */
    private final Map<P, Deque<E>> byParty = new LinkedHashMap<>();

    private int size;

    void add(P party, E element) {
        byParty.computeIfAbsent(party, _ -> new ArrayDeque<>()).add(element);
        size++;
    }

    /** Takes the next of those that {@code may} be served; null when none of them waits. */
    @Nullable E poll(Predicate<P> may) {
        for (Map.Entry<P, Deque<E>> turn : byParty.entrySet()) {
            if (may.test(turn.getKey())) {
                return poll(turn.getKey(), turn.getValue());
            }
        }
        return null;
    }

    private E poll(P party, Deque<E> queue) {
        E next = queue.remove();
        byParty.remove(party);
        if (!queue.isEmpty()) {
            byParty.put(party, queue);
        }
        size--;
        return next;
    }

    boolean remove(P party, E element) {
        Deque<E> queue = byParty.get(party);
        if (queue == null || !queue.remove(element)) {
            return false;
        }
        if (queue.isEmpty()) {
            byParty.remove(party);
        }
        size--;
        return true;
    }

    /**
     * How many are served before {@code element} when nobody comes or leaves and all may be served;
     * -1 when absent.
     */
    int position(P party, E element) {
        int own = 0;
        for (E waiting : byParty.getOrDefault(party, new ArrayDeque<>())) {
            if (waiting.equals(element)) {
                return own + ofOthers(party, own);
            }
            own++;
        }
        return -1;
    }

    private int ofOthers(P party, int rounds) {
        int before = 0;
        boolean turnsFirst = true;
        for (Map.Entry<P, Deque<E>> other : byParty.entrySet()) {
            if (other.getKey().equals(party)) {
                turnsFirst = false;
            } else {
                before += Math.min(other.getValue().size(), turnsFirst ? rounds + 1 : rounds);
            }
        }
        return before;
    }

    int size() {
        return size;
    }
}
