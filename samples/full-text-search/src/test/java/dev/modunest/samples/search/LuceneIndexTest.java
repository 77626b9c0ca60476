package dev.modunest.samples.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.samples.search.api.FullTextSearch.Document;
import dev.modunest.samples.search.api.FullTextSearch.Hit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class LuceneIndexTest {

    private final LuceneIndex index = new LuceneIndex();

    @BeforeEach
    void fill() {
        index.add(new Document("tea", "Green tea", "Leaves from the hills, steamed and dried."));
        index.add(new Document("coffee", "Coffee", "Beans, roasted. Nobody drinks tea with it."));
        index.add(new Document("water", "Water", "Steam rises from hot water."));
    }

    @AfterEach
    void close() {
        index.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tea | tea coffee",
                "TEA, | tea coffee",
                "tea -coffee | tea",
                "tea leaves | tea",
                "\"hot water\" | water",
                "\"water hot\" | ''",
                "steam* | tea water",
                "Steam | water",
                "steam* -\"hot water\" | tea",
                "nothing | ''",
            })
    void findsWhatMatchesAllOfTheQueryBestFirst(String query, String ids) {
        assertThat(String.join(" ", index.search(query, 10).stream().map(Hit::id).toList()))
                .isEqualTo(ids);
    }

    @Test
    void givesScoresTitlesAndExcerpts() {
        List<Hit> hits = index.search("tea", 10);

        assertThat(hits.get(0).score()).isGreaterThan(hits.get(1).score());
        assertThat(hits.get(1).title()).isEqualTo("Coffee");
        assertThat(hits.get(1).excerpt()).isEqualTo("Beans, roasted. Nobody drinks tea with it.");
    }

    @Test
    void cutsTheExcerptOutOfALongBody() {
        index.add(
                new Document(
                        "long",
                        "Long",
                        "before ".repeat(40) + "needles here " + "after ".repeat(60)));

        assertThat(index.search("needle*", 1).getFirst().excerpt())
                .startsWith("…before ")
                .contains(" needles here after ")
                .endsWith(" after…")
                .hasSizeBetween(100, 170);
    }

    @Test
    void replacesAndRemovesById() {
        index.add(new Document("tea", "Black tea", "Oxidised."));
        index.remove("coffee");
        index.remove("absent");

        assertThat(index.size()).isEqualTo(2);
        assertThat(index.search("tea", 10)).extracting(Hit::title).containsExactly("Black tea");
    }

    @Test
    void givesNoMoreHitsThanAskedFor() {
        assertThat(index.search("tea", 1)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "-tea", "!?", "\"\""})
    void refusesAQueryWithNothingToLookFor(String query) {
        assertThatThrownBy(() -> index.search(query, 10))
                .hasMessage("'" + query + "' has no word to look for");
    }

    @Test
    void refusesQueriesAndLimitsOutOfBounds() {
        assertThatThrownBy(() -> index.search("word ".repeat(65), 10))
                .hasMessage("a search has at most 64 words and phrases");
        assertThatThrownBy(() -> index.search("tea", 0))
                .hasMessage("a search gives 1 to 1000 hits, not 0");
    }
}
