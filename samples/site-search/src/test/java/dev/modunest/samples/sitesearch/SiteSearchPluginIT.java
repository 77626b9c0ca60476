package dev.modunest.samples.sitesearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.samples.harness.PluginHarness;
import dev.modunest.samples.htmlclean.HtmlCleanPlugin;
import dev.modunest.samples.markdown.MarkdownPlugin;
import dev.modunest.samples.search.FullTextSearchPlugin;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SiteSearchPluginIT {

    private static final String PAGES =
            """
            # Tea

            *Green* tea is steamed.<script>steal()</script>

            ---
            # Coffee

            Coffee is roasted, tea is not.

            ---
            No heading, no drink.
            """;

    private static PluginHarness plugins;

    @BeforeAll
    static void start() throws Exception {
        plugins =
                PluginHarness.startJarsOf(
                        HtmlCleanPlugin.class,
                        MarkdownPlugin.class,
                        FullTextSearchPlugin.class,
                        SiteSearchPlugin.class);
    }

    @AfterAll
    static void stop() {
        plugins.close();
    }

    @Test
    void findsPagesBestFirstAndShowsTheBest() {
        assertThat(plugins.ask("samples/site-search", "tea\n" + PAGES))
                .startsWith("Tea: Tea Green tea is steamed.")
                .contains("\nCoffee: Coffee Coffee is roasted, tea is not.\n")
                .endsWith("\n\n<h1>Tea</h1>\n<p><em>Green</em> tea is steamed.</p>\n")
                .doesNotContain("<script>");
    }

    @Test
    void namesAPageWithoutHeadingByItsPath() {
        assertThat(plugins.ask("samples/site-search", "heading\n" + PAGES))
                .isEqualTo("page-3: No heading, no drink.\n\n<p>No heading, no drink.</p>\n");
    }

    @Test
    void answersNothingWhenNothingIsFound() {
        assertThat(plugins.ask("samples/site-search", "water\n" + PAGES)).isEmpty();
    }

    @Test
    void saysWhatARequestLooksLike() {
        assertThatThrownBy(() -> plugins.ask("samples/site-search", "tea"))
                .hasMessageStartingWith("write a query on the first line and Markdown pages");
    }
}
