package dev.modunest.samples.markdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.samples.harness.PluginHarness;
import dev.modunest.samples.htmlclean.HtmlCleanPlugin;

import org.junit.jupiter.api.Test;

class MarkdownPluginIT {

    @Test
    void rendersMarkdownAndCleansTheHtmlInIt() throws Exception {
        try (PluginHarness plugins =
                PluginHarness.startJarsOf(HtmlCleanPlugin.class, MarkdownPlugin.class)) {
            String markdown =
                    """
                    # Hello

                    A [link](javascript:steal()) and <i>more</i>.

                    <script>steal()</script>
                    """;
            assertThat(plugins.ask("samples/markdown", markdown))
                    .isEqualTo("<h1>Hello</h1>\n<p>A <a>link</a> and <i>more</i>.</p>");
        }
    }

    @Test
    void doesNotStartWithoutHtmlClean() {
        assertThatThrownBy(() -> PluginHarness.startJarsOf(MarkdownPlugin.class))
                .hasMessageContaining("samples/html-clean, required by samples/markdown@1.0.0");
    }
}
