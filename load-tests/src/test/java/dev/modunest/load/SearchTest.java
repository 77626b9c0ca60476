package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

class SearchTest {

    private static final String HIT =
            """
            {"namespace": "a", "name": "b", "latest_version": "1.0.0", "categories": ["text"],
             "license": "MIT"}
            """;

    private static Search search(Search.Kind kind, Search.Hits hits) {
        return new Search(kind, "/", hits, Optional.empty(), Optional.empty(), false);
    }

    private static Search filter(String category, String license) {
        return new Search(
                Search.Kind.CATEGORY,
                "/",
                Search.Hits.SOME,
                Optional.of(category),
                Optional.of(license),
                false);
    }

    private static String page(int hits) {
        return "{\"plugins\": [" + String.join(",", Collections.nCopies(hits, HIT)) + "]}";
    }

    @Test
    void findsNoFaultInRightPages() {
        assertThat(search(Search.Kind.WORD, Search.Hits.SOME).fault(page(20))).isEmpty();
        assertThat(search(Search.Kind.NOTHING, Search.Hits.NONE).fault(page(0))).isEmpty();
        assertThat(search(Search.Kind.SLIP, Search.Hits.ANY).fault(page(0))).isEmpty();
        assertThat(filter("text", "mit").fault(page(1))).isEmpty();
        assertThat(filter("text", "mit").secondPageFault(page(1), List.of("a/c"))).isEmpty();
    }

    @Test
    void namesTheFault() {
        assertThat(search(Search.Kind.WORD, Search.Hits.SOME).fault(page(0)))
                .isEqualTo("nothing is found of what is there");
        assertThat(search(Search.Kind.NOTHING, Search.Hits.NONE).fault(page(1)))
                .isEqualTo("something is found that is not there");
        assertThat(search(Search.Kind.WORD, Search.Hits.SOME).fault(page(21)))
                .isEqualTo("more plugins than the limit");
        assertThat(search(Search.Kind.FACETS, Search.Hits.SOME).fault(page(1)))
                .isEqualTo("no facets");
        assertThat(filter("other", "MIT").fault(page(1))).isEqualTo("a plugin of another category");
        assertThat(filter("text", "GPL").fault(page(1))).isEqualTo("a plugin with another licence");
        assertThat(filter("text", "MIT").secondPageFault(page(1), List.of("a/b")))
                .isEqualTo("a plugin of the first page");
        assertThat(filter("text", "MIT").fault("<html>"))
                .startsWith("the registry answered no JSON");
        assertThat(filter("text", "MIT").secondPageFault("{}", List.of()))
                .startsWith("a document of the registry has no array");
    }

    @Test
    void hasAKindForEveryPercent() {
        assertThat(Search.Kind.at(0)).isEqualTo(Search.Kind.WORD);
        assertThat(Search.Kind.at(99)).isEqualTo(Search.Kind.ALL);
        assertThatThrownBy(() -> Search.Kind.at(100)).hasMessage("the shares have no place 100");
    }
}
