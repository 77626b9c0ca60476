package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The job that keeps the order of search up to date. */
class RankingIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_RANKING_INTERVAL", "100ms",
                                "MODUNEST_RANKING_BATCH", "2",
                                "MODUNEST_RANKING_POPULAR", "5",
                                "MODUNEST_RANKING_POPULAR_DOWNLOADS", "100"));
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static List<String> search(String text) {
        List<String> ids = new ArrayList<>();
        try {
            for (JsonNode plugin :
                    JSON.readTree(registry.get("/api/v1/plugins?q=" + text).body())
                            .get("plugins")) {
                ids.add(plugin.get("plugin").asText());
            }
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
        return ids;
    }

    private static void download(String name, int count) {
        registry.execute(
                """
                insert into downloads (day, plugin_id, release_id, count)
                select current_date, p.id, r.id, %d
                from plugins p join releases r on r.plugin_id = p.id where p.name = '%s'
                on conflict (release_id, day) do update set count = excluded.count
                """
                        .formatted(count, name));
    }

    /** Plugins of one account are no look-alikes of each other. */
    private static void giveAway(String namespace) {
        registry.execute(
                """
                insert into accounts (name, created_at) values ('%1$s', now());
                update namespaces set owner_account_id = (select id from accounts where name = '%1$s') where name = '%1$s'
                """
                        .formatted(namespace));
    }

    @Test
    void downloadsRaiseAPlugin() {
        registry.published("acme/chart-bars@1.0.0");
        registry.published("acme/chart-pies@1.0.0");
        download("chart-bars", 10);
        Awaiting.until(() -> search("chart").equals(List.of("acme/chart-bars", "acme/chart-pies")));
        download("chart-pies", 1_000);
        Awaiting.until(() -> search("chart").equals(List.of("acme/chart-pies", "acme/chart-bars")));
    }

    @Test
    void aLookAlikeOfAPopularPluginFallsBehindItAndRisesWhenItIsUsedItself() {
        registry.published("acme/calendar@1.0.0");
        registry.published("evil/calender@1.0.0");
        giveAway("evil");
        assertThat(search("calender").getFirst()).isEqualTo("evil/calender");
        download("calendar", 5_000);
        Awaiting.until(() -> search("calender").equals(List.of("acme/calendar", "evil/calender")));
        download("calender", 4_000);
        Awaiting.until(() -> search("calender").getFirst().equals("evil/calender"));
    }

    @Test
    void aPluginOfTheSameOwnerIsNoLookAlike() {
        registry.published("acme/spelling@1.0.0");
        registry.published("acme/speling@1.0.0");
        download("spelling", 50_000);
        Awaiting.until(
                () ->
                        registry.rows(
                                        "plugins where name = 'spelling' and popular_keys is not null")
                                == 1);
        assertThat(registry.rows("plugins where name = 'speling' and imitates is not null"))
                .isZero();
    }
}
