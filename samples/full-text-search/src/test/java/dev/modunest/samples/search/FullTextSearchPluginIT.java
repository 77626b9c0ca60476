package dev.modunest.samples.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.samples.harness.PluginHarness;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FullTextSearchPluginIT {

    private PluginHarness plugins;

    @BeforeEach
    void start() throws Exception {
        plugins = PluginHarness.startJarsOf(FullTextSearchPlugin.class);
    }

    @AfterEach
    void stop() {
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
