package dev.modunest.server.admission;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A queue per party, served in turn: the head of the party that waits longest for its turn, then of
 * the next. Where two parties wait, neither has two served before the other has one. Not
 * thread-safe.
 */
final class FairQueue<E> {

    /** In the order of their turns; no queue in it is empty. */
    private final Map<Long, Deque<E>> byParty = new LinkedHashMap<>();

    private int size;

    void add(long party, E element) {
        byParty.computeIfAbsent(party, _ -> new ArrayDeque<>()).add(element);
        size++;
    }

    /** Takes the next; null when nobody waits. */
    @Nullable E poll() {
        if (byParty.isEmpty()) {
            return null;
        }
        Map.Entry<Long, Deque<E>> turn = byParty.entrySet().iterator().next();
        Deque<E> queue = turn.getValue();
        E next = queue.remove();
        byParty.remove(turn.getKey());
        if (!queue.isEmpty()) {
            byParty.put(turn.getKey(), queue);
        }
        size--;
        return next;
    }

    boolean remove(long party, E element) {
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

    /** How many are served before {@code element} when nobody comes or leaves; -1 when absent. */
    int position(long party, E element) {
        int own = 0;
        for (E waiting : byParty.getOrDefault(party, new ArrayDeque<>())) {
            if (waiting.equals(element)) {
                return own + ofOthers(party, own);
            }
            own++;
        }
        return -1;
    }

    private int ofOthers(long party, int rounds) {
        int before = 0;
        boolean turnsFirst = true;
        for (Map.Entry<Long, Deque<E>> other : byParty.entrySet()) {
            if (other.getKey() == party) {
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
