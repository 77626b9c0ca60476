package dev.modunest.server.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.modunest.format.PluginId;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

class FollowingCacheTest {

    private static final PluginId MARKDOWN = PluginId.parse("acme/markdown");
    private static final PluginId HTML = PluginId.parse("acme/html");
    private static final Change OF_MARKDOWN =
            new Change(MARKDOWN, Optional.empty(), Optional.empty());

    private final AtomicLong nanos = new AtomicLong();
    private final CacheLease lease = new CacheLease(Duration.ofNanos(100), nanos::get);
    private final FollowingCache<PluginId, String> cache =
            new FollowingCache<>(lease, 100, (id, value) -> 1, c -> Optional.of(c.plugin()));
    private final Map<PluginId, String> index = new HashMap<>(Map.of(MARKDOWN, "1"));
    private int loads;

    @BeforeEach
    void hold() {
        lease.renew(0);
    }

    private Optional<String> load(PluginId id) {
        loads++;
        return Optional.ofNullable(index.get(id));
    }

    private Map<PluginId, String> loadAll(Set<PluginId> ids) {
        Map<PluginId, String> found = new HashMap<>();
        ids.forEach(id -> load(id).ifPresent(value -> found.put(id, value)));
        return found;
    }

    @Test
    void loadsOnce() {
        assertThat(cache.find(MARKDOWN, this::load)).contains("1");
        assertThat(cache.find(MARKDOWN, this::load)).contains("1");
        assertThat(cache.findAll(Set.of(MARKDOWN), this::loadAll)).containsEntry(MARKDOWN, "1");
        assertThat(loads).isEqualTo(1);
        assertThat(cache.size()).isEqualTo(1);
    }

    @Test
    void doesNotKeepWhatIsNotThere() {
        assertThat(cache.find(HTML, this::load)).isEmpty();
        index.put(HTML, "2");
        assertThat(cache.find(HTML, this::load)).contains("2");
    }

    @Test
    void loadsAgainAfterAChange() {
        cache.find(MARKDOWN, this::load);
        index.put(MARKDOWN, "2");
        cache.changed(OF_MARKDOWN);
        assertThat(cache.find(MARKDOWN, this::load)).contains("2");
        index.put(MARKDOWN, "3");
        cache.everythingChanged();
        assertThat(cache.find(MARKDOWN, this::load)).contains("3");
    }

    @Test
    void keepsNothingOfALoadThatAChangeOvertook() {
        Optional<String> old =
                cache.find(
                        MARKDOWN,
                        id -> {
                            Optional<String> read = load(id);
                            index.put(MARKDOWN, "2");
                            cache.changed(OF_MARKDOWN);
                            return read;
                        });

        assertThat(old).contains("1");
        assertThat(cache.find(MARKDOWN, this::load)).contains("2");
    }

    @Test
    void keepsNothingOfALoadOfManyThatAChangeOvertook() {
        index.put(HTML, "1");
        cache.findAll(
                Set.of(MARKDOWN, HTML),
                ids -> {
                    Map<PluginId, String> read = loadAll(ids);
                    index.put(MARKDOWN, "2");
                    cache.changed(OF_MARKDOWN);
                    return read;
                });
        loads = 0;

        assertThat(cache.findAll(Set.of(MARKDOWN, HTML), this::loadAll))
                .isEqualTo(Map.of(MARKDOWN, "2", HTML, "1"));
        assertThat(loads).isEqualTo(1);
    }

    @Test
    void keepsNothingOfALoadThatEveryChangeOvertook() {
        cache.find(
                MARKDOWN,
                id -> {
                    Optional<String> read = load(id);
                    index.put(MARKDOWN, "2");
                    cache.everythingChanged();
                    return read;
                });

        assertThat(cache.find(MARKDOWN, this::load)).contains("2");
    }

    @Test
    void isBypassedWithoutTheLease() {
        cache.find(MARKDOWN, this::load);
        index.put(MARKDOWN, "2");
        lease.end();
        assertThat(cache.find(MARKDOWN, this::load)).contains("2");
        assertThat(cache.findAll(Set.of(MARKDOWN), this::loadAll)).containsEntry(MARKDOWN, "2");
        assertThat(cache.size()).isEqualTo(1);
    }

    @Test
    void isBypassedAfterTheLease() {
        cache.find(MARKDOWN, this::load);
        index.put(MARKDOWN, "2");
        nanos.set(99);
        assertThat(cache.find(MARKDOWN, this::load)).contains("1");
        nanos.set(100);
        assertThat(cache.find(MARKDOWN, this::load)).contains("2");
    }

    @Test
    void aChangeOfAnyKeyConcernsAll() {
        FollowingCache<PluginId, String> byDigest =
                new FollowingCache<>(lease, 100, (id, value) -> 1, c -> Optional.empty());
        byDigest.find(MARKDOWN, this::load);
        index.put(MARKDOWN, "2");
        byDigest.changed(OF_MARKDOWN);
        assertThat(byDigest.find(MARKDOWN, this::load)).contains("2");
    }

    @Test
    void whoComesDuringALoadWaitsForItsResult() {
        CompletableFuture<Optional<String>> second = new CompletableFuture<>();
        Thread other =
                Thread.ofVirtual()
                        .unstarted(() -> second.complete(cache.find(MARKDOWN, this::load)));

        Optional<String> first =
                cache.find(
                        MARKDOWN,
                        id -> {
                            other.start();
                            while (other.isAlive() && other.getState() != Thread.State.WAITING) {
                                Thread.onSpinWait();
                            }
                            return load(id);
                        });

        assertThat(first).contains("1");
        assertThat(second.join()).contains("1");
        assertThat(loads).isEqualTo(1);
    }

    @Test
    void whoComesAfterAChangeLoadsAnewThoughALoadIsUnderWay() {
        Optional<String> old =
                cache.find(
                        MARKDOWN,
                        id -> {
                            Optional<String> read = load(id);
                            index.put(MARKDOWN, "2");
                            cache.changed(OF_MARKDOWN);
                            assertThat(cache.find(MARKDOWN, this::load)).contains("2");
                            return read;
                        });
        assertThat(old).contains("1");
        assertThat(cache.find(MARKDOWN, this::load)).contains("2");
    }

    @Test
    void whatALoadFailsWithReachesItsCallerAndTheNextLoadsAgain() {
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                cache.find(
                                        MARKDOWN,
                                        _ -> {
                                            throw new IllegalStateException("away");
                                        }))
                .withMessage("away");
        assertThat(cache.find(MARKDOWN, this::load)).contains("1");
    }
}
