package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

/** Which release describes a plugin. */
abstract class RefreshContract {

    private static final Instant LATER = NOW.plusSeconds(60);

    private TestIndex index;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
        index.publish("acme/editor@1.0.0", "{\"title\": \"One\", \"categories\": [\"text\"]}", NOW);
        index.publish("acme/editor@2.0.0", "{\"title\": \"Two\", \"license\": \"MIT\"}", LATER);
    }

    @AfterEach
    void close() {
        index.close();
    }

    private void assertDescribedBy(String version, String title, Instant at) {
        PluginRecord plugin = index.plugin("acme/editor");
        assertThat(plugin.latestVersion()).isEqualTo(Version.parse(version));
        assertThat(plugin.title()).contains(title);
        assertThat(plugin.updatedAt()).isEqualTo(at);
    }

    @Test
    void aYankLeavesThePluginToTheReleaseBeforeAndItsUndoRestoresIt() {
        index.change("acme/editor@2.0.0", "yanked_reason = 'broken'");
        assertDescribedBy("1.0.0", "One", NOW);
        assertThat(index.plugin("acme/editor").categories()).containsExactly("text");
        assertThat(index.plugin("acme/editor").license()).isEmpty();
        index.change("acme/editor@2.0.0", "yanked_reason = null");
        assertDescribedBy("2.0.0", "Two", LATER);
        assertThat(index.plugin("acme/editor").license()).contains("MIT");
    }

    @Test
    void aPreReleaseDescribesOnlyWhereNothingStableIsLive() {
        index.publish("acme/editor@3.0.0-rc.1", "{\"title\": \"Three\"}", LATER);
        assertDescribedBy("2.0.0", "Two", LATER);
        index.change("acme/editor@1.0.0", "quarantined_reason = 'malware'");
        index.change("acme/editor@2.0.0", "deleted_reason = 'mistake', deleted_at = now()");
        assertDescribedBy("3.0.0-rc.1", "Three", LATER);
    }

    @Test
    void thePluginIsDeprecatedWhenItsNewestLiveReleaseIs() {
        index.change("acme/editor@1.0.0", "deprecated_reason = 'old'");
        assertThat(index.plugin("acme/editor").deprecated()).isFalse();
        index.change("acme/editor@2.0.0", "deprecated_reason = 'old'");
        assertThat(index.plugin("acme/editor").deprecated()).isTrue();
        index.change("acme/editor@2.0.0", "deprecated_reason = null");
        assertThat(index.plugin("acme/editor").deprecated()).isFalse();
    }

    @Test
    void aManifestMayHoldWhatPostgresCannot() {
        index.publish(
                "acme/editor@4.0.0",
                "{\"title\": \"Four\", \"x-unknown\": \"\\u0000\", \"big\": 1e99999}",
                LATER);
        assertDescribedBy("4.0.0", "Four", LATER);
    }

    @Test
    void whatIsNotThereIsNotRefreshed() {
        index.database()
                .inTransaction(
                        tx -> {
                            tx.plugins().refresh(PluginId.parse("acme/none"), NOW);
                            return true;
                        });
        assertDescribedBy("2.0.0", "Two", LATER);
    }

    @Test
    void popularPluginsOfOtherOwnersAreFoundByTheirLookAlikes() {
        index.execute(
                "update plugins set popular_keys = '{edltor,dltor,eltor,edtor,edlor,edltr,edlto}'");
        long acme = index.owner("acme");
        assertThat(popularLike("evil/edlitor", acme + 1)).hasToString("[acme/editor]");
        assertThat(popularLike("evil/editors", acme + 1)).hasToString("[acme/editor]");
        assertThat(popularLike("evil/editors", acme)).isEmpty();
        assertThat(popularLike("evil/editor", acme + 1)).isEmpty();
        assertThat(popularLike("evil/auditor", acme + 1)).isEmpty();
    }

    private List<PluginId> popularLike(String id, long owner) {
        return index.database().read(tx -> tx.plugins().popularLike(PluginId.parse(id), owner));
    }
}
