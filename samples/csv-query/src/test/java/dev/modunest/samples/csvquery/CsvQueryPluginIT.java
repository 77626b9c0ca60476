package dev.modunest.samples.csvquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.samples.harness.PluginHarness;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CsvQueryPluginIT {

    private static PluginHarness plugins;

    @BeforeAll
    static void start() throws Exception {
        plugins = PluginHarness.startJarsOf(CsvQueryPlugin.class);
    }

    @AfterAll
    static void stop() {
        plugins.close();
    }

    @Test
    void answersWithCsv() {
        String request =
                """
                select city, sum(amount) group by city order by sum(amount) desc limit 1
                city,amount
                Rome,1
                "Paris, France",2
                """;

        assertThat(plugins.ask("samples/csv-query", request))
                .isEqualTo("city,sum(amount)\r\n\"Paris, France\",2\r\n");
    }

    @Test
    void saysWhatARequestLooksLike() {
        assertThatThrownBy(() -> plugins.ask("samples/csv-query", "select *"))
                .hasMessage("write a query on the first line and CSV on those after it");
    }
}
