package dev.modunest.samples.htmlclean;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.samples.harness.PluginHarness;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlCleanPluginIT {

    private static PluginHarness plugins;

    @BeforeAll
    static void start() throws Exception {
        plugins = PluginHarness.startJarsOf(HtmlCleanPlugin.class);
    }

    @AfterAll
    static void stop() {
        plugins.close();
    }

    @Test
    void cleansByTheArticlePolicy() {
        assertThat(
                        plugins.ask(
                                "samples/html-clean",
                                "<h2>News</h2><script>x()</script><p>All <i>well</i>.</p>"))
                .isEqualTo("<h2>News</h2><p>All <i>well</i>.</p>");
    }

    @ParameterizedTest
    @CsvSource({
        "text, Hi you",
        "inline, Hi <b>you</b>",
        "comment, <p>Hi <b>you</b></p>",
        "article, <p>Hi <b>you</b></p>",
    })
    void cleansByTheNamedPolicy(String policy, String expected) {
        assertThat(
                        plugins.ask(
                                "samples/html-clean",
                                "policy: " + policy + "\n<p>Hi <b>you</b></p>"))
                .isEqualTo(expected);
    }
}
