package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class DocumentFeederTest {

    private static final List<DocumentFeeder.Versions> PLUGINS =
            IntStream.range(0, 100)
                    .mapToObj(
                            i -> new DocumentFeeder.Versions("a/p" + i, List.of("1.0.0", "1.1.0")))
                    .toList();

    private static List<Map<String, Object>> feed(long seed, String... tokens) {
        DocumentFeeder feeder = new DocumentFeeder(PLUGINS, List.of(tokens), seed);
        List<Map<String, Object>> requests = new ArrayList<>();
        while (feeder.hasNext() && requests.size() < 2 * PLUGINS.size()) {
            requests.add(feeder.next());
        }
        return requests;
    }

    private static String plugin(Map<String, Object> request) {
        return request.getOrDefault("coordinate", "").toString().replaceFirst("@.*", "");
    }

    @Test
    void asksForEveryPluginBeforeOneAgain() {
        assertThat(feed(1).subList(0, PLUGINS.size()).stream().map(DocumentFeederTest::plugin))
                .doesNotHaveDuplicates()
                .isNotEqualTo(PLUGINS.stream().map(DocumentFeeder.Versions::plugin).toList());
    }

    @Test
    void asksForReleasesAndIndexes() {
        assertThat(feed(1))
                .allSatisfy(
                        request ->
                                assertThat(request.getOrDefault("path", ""))
                                        .isEqualTo(
                                                request.containsValue(DocumentFeeder.INDEX)
                                                        ? "/index/" + plugin(request)
                                                        : "/api/v1/plugins/"
                                                                + request.getOrDefault(
                                                                                "coordinate", "")
                                                                        .toString()
                                                                        .replace('@', '/')))
                .anyMatch(request -> request.containsValue(DocumentFeeder.INDEX))
                .anyMatch(request -> request.containsValue(DocumentFeeder.RELEASE));
    }

    @Test
    void dealsTokensInTurnToHalfOfTheRequests() {
        List<Map<String, Object>> requests = feed(1, "mnt_a", "mnt_b");

        assertThat(requests.stream().flatMap(request -> Stream.ofNullable(request.get("token"))))
                .hasSizeBetween(60, 140)
                .startsWith("mnt_a", "mnt_b", "mnt_a");
        assertThat(requests)
                .allSatisfy(
                        request ->
                                assertThat(request.getOrDefault("request", "").toString())
                                        .matches(
                                                request.containsKey("token")
                                                        ? "(release document|index), signed in"
                                                        : "release document|index"));
    }

    @Test
    void namesTheRequestsThatThereWillBe() {
        assertThat(new DocumentFeeder(PLUGINS, List.of(), 1).names())
                .containsExactly("release document", "index");
        assertThat(new DocumentFeeder(PLUGINS, List.of("mnt_a"), 1).names())
                .containsExactly(
                        "release document",
                        "index",
                        "release document, signed in",
                        "index, signed in");
    }

    @Test
    void repeatsItselfBySeed() {
        assertThat(feed(4)).isEqualTo(feed(4)).isNotEqualTo(feed(5));
        assertThat(feed(4, "mnt_a")).isEqualTo(feed(4, "mnt_a"));
    }
}
