package dev.modunest.samples.htmlclean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.samples.htmlclean.api.CleanHtml;
import dev.modunest.samples.htmlclean.api.Policy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsoupCleanerTest {

    private static final String PAGE =
            """
            <h1 onclick="steal()">Title</h1><p>Some <b>bold</b> text, <a href="https://a.example/">a link</a>\
            <script>steal()</script><img src="https://a.example/p.png" alt="P"></p>""";

    private final JsoupCleaner cleaner = new JsoupCleaner();

    @Test
    void keepsAnArticleAndDropsItsScriptsAndHandlers() {
        CleanHtml clean = cleaner.clean(PAGE, Policy.ARTICLE);

        assertThat(clean.html())
                .isEqualTo(
                        "<h1>Title</h1><p>Some <b>bold</b> text,"
                                + " <a href=\"https://a.example/\">a link</a>"
                                + "<img src=\"https://a.example/p.png\" alt=\"P\"></p>");
        assertThat(clean.removed()).containsExactly("script");
    }

    @Test
    void keepsNoHeadingAndNoPictureInAComment() {
        CleanHtml clean = cleaner.clean(PAGE, Policy.COMMENT);

        assertThat(clean.html())
                .isEqualTo(
                        "Title<p>Some <b>bold</b> text,"
                                + " <a href=\"https://a.example/\" rel=\"nofollow\">a link</a></p>");
        assertThat(clean.removed()).containsExactly("h1", "img", "script");
    }

    @Test
    void keepsEmphasisAloneInline() {
        assertThat(cleaner.clean(PAGE, new Policy(Policy.Elements.INLINE, false, false)).html())
                .isEqualTo("TitleSome <b>bold</b> text, a link");
    }

    @Test
    void keepsTextAlone() {
        assertThat(cleaner.clean(PAGE, new Policy(Policy.Elements.TEXT, false, false)).html())
                .isEqualTo("TitleSome bold text, a link");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a href=\"javascript:steal()\">x</a>",
                "<a href=\" java\nscript:steal()\">x</a>",
                "<svg onload=steal()>x</svg>",
                "<p style=\"background:url(javascript:steal())\">x</p>",
                "<iframe src=\"https://a.example/\">x</iframe>x",
                "<img src=x onerror=steal()>x",
                "<form action=\"/steal\"><input>x</form>",
            })
    void letsNoScriptThroughUnderTheWidestPolicy(String html) {
        assertThat(cleaner.clean(html, Policy.ARTICLE).html())
                .contains("x")
                .doesNotContain("steal", "script", "iframe", "form", "on");
    }

    @ParameterizedTest
    @EnumSource
    void readsPolicyNames(Policy.Elements elements) {
        assertThat(Policy.Elements.parse(elements.label())).isEqualTo(elements);
    }

    @Test
    void refusesAnUnknownPolicyName() {
        assertThatThrownBy(() -> Policy.Elements.parse("all"))
                .hasMessage("'all' is not a policy: write text, inline, comment or article");
    }
}
