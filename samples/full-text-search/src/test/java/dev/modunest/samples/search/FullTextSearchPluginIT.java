package dev.modunest.samples.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.samples.harness.PluginHarness;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FullTextSearchPluginIT {

    private static PluginHarness plugins;

    @BeforeAll
    static void start() throws Exception {
        plugins = PluginHarness.startJarsOf(FullTextSearchPlugin.class);
    }

    @AfterAll
    static void stop() {
        plugins.close();
    }

    @Test
    void findsLinesBestFirst() {
        String request =
                """
                fox*
                Hare: runs from the fox
                Fox: foxes are clever
                Bear: sleeps
                """;

        assertThat(plugins.ask("samples/full-text-search", request))
                .isEqualTo("Fox: foxes are clever\nHare: runs from the fox\n");
    }

    @Test
    void saysWhatARequestLooksLike() {
        assertThatThrownBy(() -> plugins.ask("samples/full-text-search", "fox"))
                .hasMessage("write a query on the first line and 'title: body' on each after it");
    }
}
