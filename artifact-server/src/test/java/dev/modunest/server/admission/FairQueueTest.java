package dev.modunest.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class FairQueueTest {

    /** A waiting element that remembers its party. */
    private record Waiting(int party, int number) {}

    private static List<Waiting> filled(List<Integer> parties, FairQueue<Integer, Waiting> queue) {
        List<Waiting> all = new ArrayList<>();
        for (int party : parties) {
            Waiting waiting = new Waiting(party, all.size());
            all.add(waiting);
            queue.add(party, waiting);
        }
        return all;
    }

    @Test
    void aSingleElementOfBIsNextButOneAfterABurstOfA() {
        FairQueue<Integer, Waiting> queue = new FairQueue<>();
        List<Waiting> burst = filled(java.util.Collections.nCopies(500, 1), queue);
        Waiting single = new Waiting(2, 500);
        queue.add(2, single);

        assertThat(queue.position(2, single)).isEqualTo(1);
        assertThat(queue.poll(_ -> true)).isEqualTo(burst.get(0));
        assertThat(queue.poll(_ -> true)).isEqualTo(single);
        assertThat(queue.poll(_ -> true)).isEqualTo(burst.get(1));
    }

    @Property
    void positionsAreTheOrderOfService(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 6) Integer> parties) {
        FairQueue<Integer, Waiting> queue = new FairQueue<>();
        List<Waiting> all = filled(parties, queue);

        for (int served = 0; !all.isEmpty(); served++) {
            List<Waiting> next =
                    all.stream().filter(w -> queue.position(w.party(), w) == 0).toList();
            assertThat(next).hasSize(1);
            assertThat(all.stream().map(w -> queue.position(w.party(), w)).sorted().toList())
                    .isEqualTo(java.util.stream.IntStream.range(0, all.size()).boxed().toList());
            assertThat(queue.poll(_ -> true)).isEqualTo(next.getFirst());
            all.remove(next.getFirst());
            assertThat(served).isLessThan(parties.size());
        }
        assertThat(queue.poll(_ -> true)).isNull();
        assertThat(queue.size()).isZero();
    }

    @Property
    void noPartyIsServedTwiceWhileAnotherWaits(
            @ForAll @Size(max = 60) List<@IntRange(min = 1, max = 6) Integer> parties) {
        FairQueue<Integer, Waiting> queue = new FairQueue<>();
        List<Waiting> all = filled(parties, queue);
        List<Integer> served = new ArrayList<>();

        for (Waiting next = queue.poll(_ -> true); next != null; next = queue.poll(_ -> true)) {
            all.remove(next);
            int before = served.lastIndexOf(next.party());
            if (before >= 0) {
                List<Integer> between = served.subList(before, served.size());
                assertThat(all)
                        .allMatch(
                                waiting ->
                                        waiting.party() == between.getFirst()
                                                || between.contains(waiting.party()));
            }
            served.add(next.party());
        }
    }

    @Test
    void whatIsRemovedIsNotServed() {
        FairQueue<Integer, Waiting> queue = new FairQueue<>();
        List<Waiting> all = filled(List.of(1, 1, 2), queue);

        assertThat(queue.remove(1, all.getFirst())).isTrue();
        assertThat(queue.remove(1, all.getFirst())).isFalse();
        assertThat(queue.remove(3, all.getFirst())).isFalse();
        assertThat(queue.position(1, all.getFirst())).isEqualTo(-1);

        assertThat(queue.size()).isEqualTo(2);
        assertThat(queue.remove(2, all.getLast())).isTrue();
        assertThat(queue.poll(_ -> true)).isEqualTo(all.get(1));
        assertThat(queue.poll(_ -> true)).isNull();
    }

    @Test
    void aPartyThatMayNotBeServedKeepsItsTurn() {
        FairQueue<Integer, Waiting> queue = new FairQueue<>();
        List<Waiting> all = filled(List.of(1, 2, 2), queue);

        assertThat(queue.poll(party -> party == 3)).isNull();
        assertThat(queue.poll(party -> party != 1)).isEqualTo(all.get(1));
        assertThat(queue.poll(_ -> true)).isEqualTo(all.getFirst());
        assertThat(queue.poll(_ -> true)).isEqualTo(all.get(2));
    }
}
