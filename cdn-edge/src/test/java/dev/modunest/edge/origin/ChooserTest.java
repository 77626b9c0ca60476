package dev.modunest.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

final class ChooserTest {

    private record Server(String id, int load) implements Candidate {}

    @Test
    void leastLoadedNeverPicksTheBusiestOfThree() {
        Chooser chooser = new LeastLoaded(new Random(1));
        List<Server> servers = List.of(new Server("a", 5), new Server("b", 9), new Server("c", 0));
        Map<String, Integer> picked = new HashMap<>();
        for (int i = 0; i < 3000; i++) {
            picked.merge(chooser.choose(servers, "/x").id(), 1, Integer::sum);
        }
        assertThat(picked).containsOnlyKeys("a", "c");
        assertThat(picked.get("c")).isBetween(1800, 2200);
    }

    @Test
    void loneServerIsPicked() {
        List<Server> one = List.of(new Server("a", 100));
        assertThat(new LeastLoaded(new Random(1)).choose(one, "/x").id()).isEqualTo("a");
        assertThat(new ConsistentHash().choose(one, "/x").id()).isEqualTo("a");
    }

    @Test
    void hashSpreadsKeysAndMovesOnlyThoseOfTheServerThatLeaves() {
        List<Server> servers =
                IntStream.range(0, 5).mapToObj(i -> new Server("10.0.0." + i + ":80", 0)).toList();
        List<Server> fewer = servers.subList(0, 4);
        Map<String, Integer> picked = new HashMap<>();
        for (int i = 0; i < 5000; i++) {
            String key = "/artifacts/" + i;
            String before = new ConsistentHash().choose(servers, key).id();
            picked.merge(before, 1, Integer::sum);
            if (!before.equals("10.0.0.4:80")) {
                assertThat(new ConsistentHash().choose(fewer, key).id()).isEqualTo(before);
            }
        }
        assertThat(picked).hasSize(5);
        assertThat(picked.values()).allMatch(count -> count > 800 && count < 1200);
    }

    @Test
    void hashNeverLoadsAServerBeyondItsBound() {
        int[] loads = new int[4];
        for (int i = 0; i < 1000; i++) {
            List<Server> now = new ArrayList<>();
            for (int s = 0; s < loads.length; s++) {
                now.add(new Server(Integer.toString(s), loads[s]));
            }
            loads[Integer.parseInt(new ConsistentHash().choose(now, "/hot").id())]++;
            int bound = (int) Math.ceil(1.25 * (i + 1) / loads.length);
            assertThat(IntStream.of(loads).max().orElseThrow()).isLessThanOrEqualTo(bound);
        }
    }
}
