package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Optional;

class CatalogueDocumentsTest {

    private static final String HEX = "ab".repeat(32);

    @Test
    void readsAPageAndItsNext() {
        CatalogueDocuments.Page page =
                CatalogueDocuments.page(
                        """
                        {"plugins": [{"namespace": "a", "name": "b", "latest_version": "1.0.0", "extra": 1},
                                     {"namespace": "c", "name": "d", "latest_version": "2.0.0",
                                      "title": "D", "categories": ["e"], "license": "MIT"}],
                         "next": "/api/v1/plugins?limit=2&cursor=x"}
                        """);

        assertThat(page.plugins())
                .containsExactly(
                        new PluginSummary("a", "b", "1.0.0", "", List.of(), Optional.empty()),
                        new PluginSummary(
                                "c", "d", "2.0.0", "D", List.of("e"), Optional.of("MIT")));
        assertThat(page.next()).contains("/api/v1/plugins?limit=2&cursor=x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"{\"plugins\": []}", "{\"plugins\": [], \"next\": null}"})
    void readsTheLastPage(String json) {
        assertThat(CatalogueDocuments.page(json).next()).isEmpty();
    }

    @Test
    void readsReleasesThatAreServed() {
        String json =
                """
                {"namespace": "a", "name": "b",
                 "releases": [{"version": "1.0.0", "digest": "sha256:%s", "size": 12},
                              {"version": "0.9.0", "status": "quarantined"},
                              {"version": "0.8.0", "status": "deleted"}]}
                """
                        .formatted(HEX);

        assertThat(CatalogueDocuments.releases(json))
                .containsExactly(new Artifact("a/b@1.0.0", HEX, 12));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<html>; the registry answered no JSON",
                "{}; a document of the registry has no array 'plugins'",
                "{\"plugins\": [{\"name\": \"b\"}]}; a document of the registry has no text 'namespace'",
            })
    void saysWhatIsWrongWithAPage(String json, String message) {
        assertThatThrownBy(() -> CatalogueDocuments.page(json))
                .isInstanceOf(LoadTestException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"version\": \"1.0.0\", \"digest\": \"md5:1\", \"size\": 1}; the digest 'md5:1'",
                "{\"version\": \"1.0.0\", \"digest\": \"sha256:1\", \"size\": 0}; no number 'size' above 0",
                "{\"version\": \"1.0.0\", \"digest\": \"sha256:1\"}; no number 'size' above 0",
                "{\"version\": 1}; no text 'version'",
            })
    void saysWhatIsWrongWithARelease(String release, String message) {
        String json = "{\"namespace\": \"a\", \"name\": \"b\", \"releases\": [" + release + "]}";

        assertThatThrownBy(() -> CatalogueDocuments.releases(json))
                .hasMessage("a document of the registry has " + message);
    }
}
