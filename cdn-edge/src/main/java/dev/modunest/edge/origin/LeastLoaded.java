package dev.modunest.edge.origin;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The less loaded of two random servers (Mitzenmacher, "The Power of Two Choices in Randomized Load
 * Balancing", 2001): without the herd that follows the least loaded of all.
 */
record LeastLoaded(RandomGenerator random) implements Chooser {

    @Override
    public <C extends Candidate> C choose(List<C> able, String key) {
        int size = able.size();
        if (size == 1) {
            return able.getFirst();
        }
        int first = random.nextInt(size);
        int second = (first + 1 + random.nextInt(size - 1)) % size;
        C a = able.get(first);
        C b = able.get(second);
        return b.load() < a.load() ? b : a;
    }
}
