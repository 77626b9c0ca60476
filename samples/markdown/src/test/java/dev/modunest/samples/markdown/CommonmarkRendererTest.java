package dev.modunest.samples.markdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.samples.htmlclean.api.CleanHtml;
import dev.modunest.samples.markdown.api.RenderedPage;

import org.junit.jupiter.api.Test;

import java.util.List;

class CommonmarkRendererTest {

    private final CommonmarkRenderer renderer =
            new CommonmarkRenderer((html, policy) -> new CleanHtml(html, List.of()));

    @Test
    void rendersEmphasisListsAndCode() {
        assertThat(renderer.render("Some *text*\n\n- one\n- `two`\n").html())
                .isEqualTo(
                        "<p>Some <em>text</em></p>\n"
                                + "<ul>\n<li>one</li>\n<li><code>two</code></li>\n</ul>");
    }

    @Test
    void rendersTables() {
        assertThat(renderer.render("|a|b|\n|-|-|\n|1|2|\n").html())
                .containsSubsequence("<table>", "<th>a</th>", "<td>2</td>", "</table>");
    }

    @Test
    void listsHeadingsAndTakesTheFirstAsTitle() {
        RenderedPage page = renderer.render("# The *first*\n\ntext\n\n## Second\n");

        assertThat(page.headings())
                .containsExactly(
                        new RenderedPage.Heading(1, "The first"),
                        new RenderedPage.Heading(2, "Second"));
        assertThat(page.title()).contains("The first");
    }

    @Test
    void hasNoTitleWithoutHeadings() {
        assertThat(renderer.render("text").title()).isEmpty();
    }

    @Test
    void givesTextWithoutMarkup() {
        assertThat(renderer.render("# One\n\n**two** `three` <i>x</i>\n\n<div>y</div>\n").text())
                .containsSubsequence("One", "two", "three", "x")
                .doesNotContain("*", "#", "<", "y");
    }

    @Test
    void passesTheRenderedHtmlThroughTheCleaner() {
        CommonmarkRenderer censored =
                new CommonmarkRenderer(
                        (html, policy) ->
                                new CleanHtml(
                                        html.replace("<b>", "").replace("</b>", ""), List.of("b")));

        assertThat(censored.render("a <b>word</b>").html()).isEqualTo("<p>a word</p>");
    }
}
