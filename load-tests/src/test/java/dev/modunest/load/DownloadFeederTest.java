package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class DownloadFeederTest {

    private static final int REQUESTS = 20_000;
    private static final List<Artifact> ARTIFACTS =
            IntStream.range(0, 50)
                    .mapToObj(i -> new Artifact("a/b@1.0." + i, "%064x".formatted(i), 100 + i))
                    .toList();

    private static List<Map<String, Object>> feed(String... properties) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            given.put(properties[i], properties[i + 1]);
        }
        DownloadOptions options = DownloadOptions.read(new OptionReader(given::get));
        DownloadFeeder feeder = new DownloadFeeder(ARTIFACTS, options);
        List<Map<String, Object>> requests = new ArrayList<>();
        while (feeder.hasNext() && requests.size() < REQUESTS) {
            requests.add(feeder.next());
        }
        return requests;
    }

    private static Map<Object, Long> count(List<Map<String, Object>> requests, String key) {
        return requests.stream()
                .map(request -> request.getOrDefault(key, ""))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    @Test
    void keepsTheShares() {
        Map<Object, Long> kinds = count(feed("range-percent", "20"), "kind");

        assertThat(kinds).containsOnlyKeys("plain", "hashed", "range", "revalidation");
        assertThat(kinds.getOrDefault("hashed", 0L)).isCloseTo(REQUESTS / 10L, within(300L));
        assertThat(kinds.getOrDefault("range", 0L)).isCloseTo(REQUESTS / 5L, within(300L));
        assertThat(kinds.getOrDefault("revalidation", 0L)).isCloseTo(REQUESTS / 20L, within(300L));
    }

    @Test
    void asksForSomeMuchMoreOftenThanForOthers() {
        Map<Object, Long> artifacts = count(feed(), "hex");

        assertThat(artifacts).hasSize(ARTIFACTS.size());
        assertThat(artifacts.values()).anyMatch(count -> count > REQUESTS / 6);
    }

    @Test
    void asksForRangesWithinTheArtifact() {
        assertThat(feed())
                .allSatisfy(
                        request -> {
                            long first = (long) request.getOrDefault("first", -1L);
                            long last = (long) request.getOrDefault("last", -1L);
                            int size = (int) request.getOrDefault("size", -1);
                            assertThat(first).isBetween(0L, last);
                            assertThat(last).isLessThan(size);
                            assertThat(request).containsEntry("part", (int) (last - first + 1));
                        });
    }

    @Test
    void repeatsItselfBySeed() {
        assertThat(feed("seed", "4")).isEqualTo(feed("seed", "4")).isNotEqualTo(feed("seed", "5"));
    }
}
