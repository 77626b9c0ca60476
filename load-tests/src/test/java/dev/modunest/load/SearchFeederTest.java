package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class SearchFeederTest {

    private static final List<PluginSummary> PLUGINS =
            List.of(
                    new PluginSummary(
                            "acme",
                            "image-filter",
                            "1.0.0",
                            "Filters for photographs & more",
                            List.of("text-tools"),
                            Optional.of("MIT OR Apache-2.0")),
                    new PluginSummary("acme", "x", "1.0.0", "", List.of(), Optional.empty()));

    private static List<Search> searches(long seed) {
        SearchFeeder feeder = new SearchFeeder(PLUGINS, seed);
        List<Search> searches = new ArrayList<>();
        while (feeder.hasNext() && searches.size() < 5000) {
            searches.add((Search) feeder.next().getOrDefault("search", ""));
        }
        return searches;
    }

    @Test
    void looksForEverything() {
        assertThat(searches(1)).map(Search::kind).contains(Search.Kind.values());
        assertThat(searches(1))
                .map(Search::path)
                .contains(
                        "/api/v1/plugins?limit=20&q=photographs",
                        "/api/v1/plugins?limit=20&q=image+filter",
                        "/api/v1/plugins?limit=20&q=pho",
                        "/api/v1/plugins?limit=20&q=acme%2Fimage-filter",
                        "/api/v1/plugins?limit=20&category=text-tools&sort=newest",
                        "/api/v1/plugins?limit=20&license=MIT+OR+Apache-2.0&sort=name",
                        "/api/v1/plugins?limit=20&q=filters&facets=true&sort=downloads",
                        "/api/v1/plugins?limit=20&sort=updated");
        assertThat(searches(1)).anyMatch(Search::next).anyMatch(search -> !search.next());
    }

    @Test
    void expectsHitsOfAllButSlipsAndNonsense() {
        assertThat(searches(1))
                .allSatisfy(
                        search ->
                                assertThat(search.hits())
                                        .isEqualTo(
                                                switch (search.kind()) {
                                                    case SLIP -> Search.Hits.ANY;
                                                    case NOTHING -> Search.Hits.NONE;
                                                    default -> Search.Hits.SOME;
                                                }));
    }

    @Test
    void slipsInOneLetter() {
        assertThat(searches(1))
                .filteredOn(search -> search.kind() == Search.Kind.SLIP)
                .map(Search::path)
                .anyMatch(path -> path.matches(".*q=(iamge|imgae|imaeg).*"))
                .anyMatch(path -> path.matches(".*q=(iage|imge|imae).*"))
                .anyMatch(path -> path.matches(".*q=(immage|imaage|imagge).*"))
                .anyMatch(path -> path.matches(".*q=(i[a-z]age|im[a-z]ge|ima[a-z]e).*"))
                .noneMatch(path -> path.contains("q=image&"));
    }

    @Test
    void repeatsItselfBySeed() {
        assertThat(searches(4)).isEqualTo(searches(4)).isNotEqualTo(searches(5));
    }
}
