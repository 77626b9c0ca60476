package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** GET /api/v1/plugins. */
class SearchIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
        for (String plugin :
                List.of("acme/html", "acme/markdown", "acme/json-view", "zoo/100-percent")) {
            registry.published(plugin + "@1.0.0");
        }
        registry.execute(
                "update plugins set downloads_total = 7, downloads_30d = 5 where name = 'html'");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static JsonNode search(String query) throws IOException {
        return page("/api/v1/plugins?" + query);
    }

    private static JsonNode page(String path) throws IOException {
        HttpResponse<byte[]> response = registry.get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("public, max-age=5");
        return JSON.readTree(response.body());
    }

    private static List<String> ids(JsonNode page) {
        List<String> ids = new ArrayList<>();
        page.get("plugins").forEach(plugin -> ids.add(plugin.get("plugin").asText()));
        return ids;
    }

    @Test
    void listsEveryPluginByName() throws IOException {
        JsonNode page = search("");

        assertThat(ids(page))
                .containsExactly("zoo/100-percent", "acme/html", "acme/json-view", "acme/markdown");
        assertThat(page.has("next")).isFalse();
        assertThat(page.has("facets")).isFalse();
        JsonNode html = page.get("plugins").get(1);
        assertThat(html.get("title").asText()).isEqualTo("Title of html");
        assertThat(html.get("downloads").asLong()).isEqualTo(7);
        assertThat(html.get("recent_downloads").asLong()).isEqualTo(5);
        assertThat(html.get("deprecated").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "q=MARK, acme/markdown",
        "q=markdwon, acme/markdown",
        "q=view+json, acme/json-view",
        "q=acme%2Fhtml, acme/html",
        "category=text&q=zoo, zoo/100-percent",
        "license=apache-2.0&q=json, acme/json-view",
        "namespace=zoo, zoo/100-percent",
        "sort=downloads&limit=1, acme/html",
        "sort=newest&limit=1, zoo/100-percent",
        "sort=updated&limit=1, zoo/100-percent",
        "sort=name&limit=1&q=title, zoo/100-percent",
        "sort=relevance&limit=1, zoo/100-percent",
    })
    void findsWhatIsAskedFor(String query, String found) throws IOException {
        assertThat(ids(search(query))).containsExactly(found);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"q=nothing", "category=none", "license=MIT", "namespace=other", "q=%25"})
    void findsNothingElse(String query) throws IOException {
        assertThat(ids(search(query))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "q=title&category=text",
                "license=Apache-2.0",
                "sort=downloads",
                "sort=updated",
                "sort=newest",
                "sort=name",
                "sort=relevance"
            })
    void pagesLeadFromTheFirstToTheLastPlugin(String query) throws IOException {
        List<String> seen = new ArrayList<>();
        String next = "/api/v1/plugins?limit=1&" + query;
        while (!next.isEmpty()) {
            JsonNode page = page(next);
            assertThat(page.get("plugins")).hasSize(1);
            seen.addAll(ids(page));
            next = page.path("next").asText();
        }

        assertThat(seen).hasSize(4).isEqualTo(ids(search(query)));
    }

    @Test
    void countsCategoriesAndLicencesWhenAsked() throws IOException {
        JsonNode facets = search("q=title&limit=1&facets=true").get("facets");

        assertThat(facets)
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"category": [{"value": "text", "count": 4}],
                                 "license": [{"value": "Apache-2.0", "count": 4}],
                                 "matches": 4, "complete": true}
                                """));
        assertThat(search("facets=false").has("facets")).isFalse();
    }

    @Test
    void saysWhenNotAllMatchesWereCounted() throws IOException {
        try (TestRegistry small =
                TestRegistry.start(java.util.Map.of("MODUNEST_SEARCH_FACET_MATCHES", "1"))) {
            small.published("acme/html@1.0.0");
            small.published("acme/markdown@1.0.0");

            JsonNode facets =
                    JSON.readTree(small.get("/api/v1/plugins?facets=true").body()).get("facets");
            assertThat(facets.get("matches").asInt()).isEqualTo(1);
            assertThat(facets.get("complete").asBoolean()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=101",
                "limit=ten",
                "cursor=%21",
                "cursor=YQ",
                "sort=best",
                "facets=yes",
                "category=%00"
            })
    void refusesABadParameter(String query) {
        HttpResponse<byte[]> response = registry.get("/api/v1/plugins?" + query);

        TestRegistry.assertProblem(
                response, 400, "parameter-invalid", query.substring(0, query.indexOf('=')));
    }

    @Test
    void refusesTheCursorOfAnotherSearch() throws IOException {
        String next = search("limit=1&q=title").get("next").asText();

        for (String[] change :
                new String[][] {
                    {"q=title", "q=other"}, {"q=title", "q=title&sort=name"},
                    {"q=title", "q=title&category=text"}, {"q=title", "namespace=acme"}
                }) {
            TestRegistry.assertProblem(
                    registry.get(next.replace(change[0], change[1])),
                    400,
                    "parameter-invalid",
                    "cursor is of another search");
        }
        assertThat(ids(page(next.replace("limit=1", "limit=2")))).hasSize(2);
    }

    @Test
    void refusesATextThatIsTooLong() {
        TestRegistry.assertProblem(
                registry.get("/api/v1/plugins?q=" + "a".repeat(201)),
                400,
                "parameter-invalid",
                "at most 200");
        TestRegistry.assertProblem(
                registry.get("/api/v1/plugins?q=" + "a+".repeat(17)),
                400,
                "parameter-invalid",
                "at most 16 words");
    }
}
