package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is found, and in which order. */
abstract class SearchContract {

    private static final int MANY = 1_000;

    private TestIndex index;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
    }

    @AfterEach
    void close() {
        index.close();
    }

    /** A plugin with this title, description and category, and this many downloads. */
    private void plugin(String id, String says, long downloads) {
        index.publish(id + "@1.0.0", "{" + says.replace('\'', '"') + "}", NOW);
        set(id, "downloads_30d = " + downloads + ", downloads_total = " + downloads);
    }

    private void plugin(String id) {
        plugin(id, "", 0);
    }

    private void set(String id, String columns) {
        int slash = id.indexOf('/');
        String row =
                " where namespace = '%s' and name = '%s'"
                        .formatted(id.substring(0, slash), id.substring(slash + 1));
        index.execute("update plugins set " + columns + row);
        index.execute(
                "update plugins p set rank_score = rank_score(downloads_30d, updated_at, n.verified, '%s') from namespaces n where n.name = p.namespace"
                        .formatted(NOW));
    }

    private void imitates(String id, String original) {
        index.plugin(original);
        set(
                id,
                "imitates = (select id from plugins where namespace || '/' || name = '%s')"
                        .formatted(original));
    }

    private static SearchQuery query(@Nullable String text, SearchOrder order, int limit) {
        return new SearchQuery(
                Optional.ofNullable(text).map(SearchText::parse),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                order,
                limit,
                Optional.empty());
    }

    private SearchResult search(SearchQuery query) {
        return index.database().read(tx -> tx.search().search(query));
    }

    private static List<String> ids(SearchResult result) {
        return result.plugins().stream().map(plugin -> plugin.id().toString()).toList();
    }

    private List<String> find(String text) {
        SearchResult result = search(query(text, SearchOrder.RELEVANCE, 50));
        assertThat(result.last()).isEmpty();
        assertThat(page(query(text, SearchOrder.RELEVANCE, 1))).isEqualTo(ids(result));
        return ids(result);
    }

    /** All pages of {@code query}, one after the other. */
    private List<String> page(SearchQuery query) {
        List<String> ids = new ArrayList<>();
        Optional<SearchPosition> last = Optional.empty();
        do {
            SearchResult result =
                    search(
                            new SearchQuery(
                                    query.text(),
                                    query.category(),
                                    query.license(),
                                    query.namespace(),
                                    query.order(),
                                    query.limit(),
                                    last));
            assertThat(result.plugins()).hasSizeLessThanOrEqualTo(query.limit());
            ids.addAll(ids(result));
            last = result.last();
        } while (last.isPresent());
        return ids;
    }

    private SearchQuery filtered(
            @Nullable String text,
            @Nullable String category,
            @Nullable String license,
            @Nullable String namespace) {
        return new SearchQuery(
                Optional.ofNullable(text).map(SearchText::parse),
                Optional.ofNullable(category),
                Optional.ofNullable(license),
                Optional.ofNullable(namespace),
                SearchOrder.NAME,
                50,
                Optional.empty());
    }

    @Test
    void namesComeBeforeDescriptionsWhateverTheDownloads() {
        plugin("acme/viewer", "'description': 'Shows markdown'", 50 * MANY);
        plugin("acme/markdown-editor", "", MANY);
        plugin("acme/super-editor", "'title': 'Edit Markdown'", 2 * MANY);
        plugin("acme/markdown", "", 0);

        assertThat(find("markdown"))
                .containsExactly(
                        "acme/markdown",
                        "acme/super-editor",
                        "acme/markdown-editor",
                        "acme/viewer");
        assertThat(find("MarkDown")).hasSize(4);
    }

    @Test
    void amongEqualMatchesDownloadsDecide() {
        plugin("acme/json-reader", "", 10);
        plugin("acme/json-writer", "", 10_000);
        plugin("acme/json-schema", "", 100);

        assertThat(find("json"))
                .containsExactly("acme/json-writer", "acme/json-schema", "acme/json-reader");
    }

    @Test
    void amongEqualDownloadsRecencyDecides() {
        plugin("acme/json-reader", "", 10);
        plugin("acme/json-writer", "", 10);
        set("acme/json-writer", "updated_at = updated_at - interval '2 years'");

        assertThat(find("json")).containsExactly("acme/json-reader", "acme/json-writer");
    }

    @Test
    void amongEqualPluginsTheVerifiedNamespaceDecides() {
        plugin("zeta/json-reader", "", 10);
        plugin("acme/json-writer", "", 10);
        index.execute("update namespaces set verified = true where name = 'zeta'");
        set("zeta/json-reader", "downloads_30d = 10");

        assertThat(find("json")).containsExactly("zeta/json-reader", "acme/json-writer");
    }

    @Test
    void theDeprecatedComeLastEvenByTheirName() {
        plugin("acme/markdown", "", 50 * MANY);
        plugin("acme/viewer", "'description': 'Shows markdown'", 0);
        index.change("acme/markdown@1.0.0", "deprecated_reason = 'use another'");

        assertThat(find("markdown")).containsExactly("acme/viewer", "acme/markdown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"markdwon", "evil/markdwon", "markd", "markdown", "mark dwon"})
    void aLookAlikeComesAfterWhatItImitates(String text) {
        plugin("acme/markdown", "", MANY);
        plugin("evil/markdwon", "'title': 'The markdown plugin'", 0);
        imitates("evil/markdwon", "acme/markdown");

        assertThat(find(text)).containsExactly("acme/markdown", "evil/markdwon");
    }

    @Test
    void aLookAlikeComesAfterWhatItImitatesByAnyOfItsWords() {
        plugin("acme/markdown", "", MANY);
        plugin("evil/markdwon", "'description': 'Free casino'", 0);
        imitates("evil/markdwon", "acme/markdown");

        assertThat(find("casino")).containsExactly("acme/markdown", "evil/markdwon");
    }

    @Test
    void aLookAlikeComesAfterADeprecatedOriginal() {
        plugin("acme/markdown", "", 10);
        index.change("acme/markdown@1.0.0", "deprecated_reason = 'old'");
        plugin("evil/markdwon", "", MANY);
        imitates("evil/markdwon", "acme/markdown");

        assertThat(find("markdwon")).containsExactly("acme/markdown", "evil/markdwon");
        assertThat(ids(search(query(null, SearchOrder.RELEVANCE, 10))))
                .containsExactly("acme/markdown", "evil/markdwon");
    }

    @Test
    void theBeginningOfTheLastWordIsEnough() {
        plugin("acme/markdown-editor");
        plugin("acme/markup");

        assertThat(find("mark")).containsExactlyInAnyOrder("acme/markdown-editor", "acme/markup");
        assertThat(find("markdown ed")).containsExactly("acme/markdown-editor");
        assertThat(find("editor mark")).containsExactly("acme/markdown-editor");
        assertThat(find("ed markdown")).isEmpty();
    }

    @Test
    void wordsAreFoundInOtherFormsAndHoweverTheyAreJoined() {
        plugin("acme/html-clean", "'description': 'Parses and cleans pages'", 0);

        assertThat(find("htmlclean")).containsExactly("acme/html-clean");
        assertThat(find("html_clean")).containsExactly("acme/html-clean");
        assertThat(find("acme/html-clean")).containsExactly("acme/html-clean");
        assertThat(find("parsing page")).containsExactly("acme/html-clean");
        assertThat(find("the cleaning of the html")).containsExactly("acme/html-clean");
        assertThat(find("acme cleaner pages")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"markdwon", "marckdown", "markdon", "narkdown", "markdwn edtor"})
    void aTypingSlipIsForgiven(String text) {
        plugin("acme/markdown-editor");
        plugin("acme/thumbnails");

        assertThat(find(text)).containsExactly("acme/markdown-editor");
        assertThat(ids(search(query(text, SearchOrder.DOWNLOADS, 10))))
                .containsExactly("acme/markdown-editor");
    }

    @Test
    void whatIsWrittenComesBeforeWhatMayBeMeant() {
        plugin("acme/jason", "", MANY);
        plugin("acme/viewer", "'description': 'reads json'", 0);

        assertThat(find("json")).containsExactly("acme/viewer", "acme/jason");
        assertThat(ids(search(query("json", SearchOrder.DOWNLOADS, 10))))
                .containsExactly("acme/viewer");
    }

    @Test
    void similarWordsAreFoundByTheirTrigrams() {
        plugin("acme/kubernetes-deploy");

        assertThat(find("kubrnets")).containsExactly("acme/kubernetes-deploy");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"%", "_", "'", "\\", "' | 'a", "a:*b & !c", "\"", "☃", "ﷺ", "!", "x\u00a0y"})
    void anyTextMayBeAsked(String text) {
        plugin("acme/markdown");

        assertThat(find(text)).isEmpty();
    }

    @Test
    void thoseWithoutALiveReleaseAreNotListed() {
        plugin("acme/markdown");
        index.change("acme/markdown@1.0.0", "yanked_reason = 'broken'");

        assertThat(find("markdown")).isEmpty();
        for (SearchOrder order : SearchOrder.values()) {
            assertThat(page(query(null, order, 10))).isEmpty();
        }
        index.change("acme/markdown@1.0.0", "yanked_reason = null");
        assertThat(find("markdown")).containsExactly("acme/markdown");
    }

    @Test
    void filtersNarrow() {
        plugin("acme/a-view", "'categories': ['text', 'tools'], 'license': 'MIT'", 0);
        plugin("acme/b-view", "'categories': ['text'], 'license': 'Apache-2.0'", 0);
        plugin("zeta/c-view", "'license': 'MIT'", 0);

        assertThat(page(filtered(null, "text", null, null)))
                .containsExactly("acme/a-view", "acme/b-view");
        assertThat(page(filtered("view", "tools", null, null))).containsExactly("acme/a-view");
        assertThat(page(filtered("view", null, "mit", null)))
                .containsExactly("acme/a-view", "zeta/c-view");
        assertThat(page(filtered("view", null, "MIT", "zeta"))).containsExactly("zeta/c-view");
        assertThat(page(filtered("view", "text", "MIT", "zeta"))).isEmpty();
    }

    @Test
    void everyOrderIsItsOwn() {
        plugin("acme/b", "", 5);
        plugin("zeta/a", "", 1);
        plugin("acme/c", "", 3);
        set("acme/b", "updated_at = '2026-01-01', created_at = '2025-01-01'");
        set("zeta/a", "updated_at = '2026-02-01', created_at = '2025-03-01'");
        set("acme/c", "updated_at = '2026-03-01', created_at = '2025-02-01'");

        assertThat(page(query(null, SearchOrder.DOWNLOADS, 1)))
                .containsExactly("acme/b", "acme/c", "zeta/a");
        assertThat(page(query(null, SearchOrder.UPDATED, 1)))
                .containsExactly("acme/c", "zeta/a", "acme/b");
        assertThat(page(query(null, SearchOrder.NEWEST, 1)))
                .containsExactly("zeta/a", "acme/c", "acme/b");
        assertThat(page(query(null, SearchOrder.NAME, 1)))
                .containsExactly("zeta/a", "acme/b", "acme/c");
    }

    @ParameterizedTest
    @EnumSource
    void pagesHaveEveryPluginOnceAlsoWhereKeysAreEqual(SearchOrder order) {
        for (int i = 0; i < 25; i++) {
            plugin("acme/view-" + i, i % 2 == 0 ? "'description': 'a tool'" : "", 0);
            plugin("ns-" + i + "/tool", "", 0);
        }
        for (String text : new String[] {"view", "tool", "toll", null}) {
            List<String> all = ids(search(query(text, order, 100)));
            assertThat(all).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(25);
            assertThat(page(query(text, order, 7))).isEqualTo(all);
        }
    }

    @Test
    void moreNamesakesThanAreLookedAtAreAllFound() {
        plugin("acme/tool");
        index.owner("acme");
        index.execute(
                """
                insert into namespaces (name, owner_account_id, created_at)
                select 'ns-' || i, (select min(id) from accounts), now() from generate_series(1, 120) i
                """);
        index.execute(
                """
                insert into plugins (namespace, name, latest_version, created_at, updated_at)
                select 'ns-' || i, 'tool', '1.0.0', now(), now() from generate_series(1, 120) i
                """);

        assertThat(page(query("tool", SearchOrder.RELEVANCE, 50)))
                .hasSize(121)
                .doesNotHaveDuplicates();
    }

    @Test
    void facetsCountTheMatchesUpToABound() {
        plugin("acme/a-view", "'categories': ['text', 'tools'], 'license': 'MIT'", 9);
        plugin("acme/b-view", "'categories': ['text'], 'license': 'Apache-2.0'", 8);
        plugin("acme/c-view", "'categories': ['text'], 'license': 'MIT'", 7);
        plugin("acme/other", "'categories': ['other']", 0);

        assertThat(facets("view", 3))
                .isEqualTo(
                        new Facets(
                                List.of(new Facets.Count("text", 3), new Facets.Count("tools", 1)),
                                List.of(
                                        new Facets.Count("MIT", 2),
                                        new Facets.Count("Apache-2.0", 1)),
                                3,
                                true));
        assertThat(facets("veiw", 3)).isEqualTo(facets("view", 3));
        Facets some = facets("view", 2);
        assertThat(some.categories()).contains(new Facets.Count("text", 2));
        assertThat(some.licenses().stream().mapToLong(Facets.Count::count).sum()).isEqualTo(2);
        assertThat(some.matches()).isEqualTo(2);
        assertThat(some.complete()).isFalse();
        assertThat(facets(null, 10).matches()).isEqualTo(4);
        assertThat(facets("nothing-like-it", 10))
                .isEqualTo(new Facets(List.of(), List.of(), 0, true));
    }

    private Facets facets(@Nullable String text, int most) {
        SearchQuery query = query(text, SearchOrder.RELEVANCE, 1);
        return index.database().read(tx -> tx.search().facets(query, most));
    }

    @Test
    void aQueryIsBounded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> query(null, SearchOrder.NAME, 101))
                .withMessageContaining("limit is 1 to 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SearchText.parse("a ".repeat(17)))
                .withMessageContaining("at most 16 words");
        for (SearchOrder order :
                List.of(SearchOrder.RELEVANCE, SearchOrder.DOWNLOADS, SearchOrder.UPDATED)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () ->
                                    new SearchQuery(
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            order,
                                            1,
                                            Optional.of(new SearchPosition(0, "x", 1))));
        }
    }

    @Test
    void aReleaseThatIsNotTheNewestChangesNothing() {
        plugin("acme/markdown", "'title': 'New'", 0);
        index.publish(
                "acme/markdown@0.9.0",
                "{\"title\": \"Old\"}",
                Instant.parse("2026-11-02T00:00:00Z"));

        assertThat(find("old")).isEmpty();
        assertThat(find("new")).containsExactly("acme/markdown");
    }
}
