package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Random interleavings of changes, events, lagging origins, fetches and broken streams. */
final class MinSerialIT extends EdgeIT {

    private static final int PLUGINS = 4;
    private static final int CHANGES = 300;
    private static final int READERS = 6;
    private static final String SEARCH = "/api/v1/plugins?q=all";

    /** For each change of the registry, by serial number, its plugin. */
    private final List<Integer> changes = new ArrayList<>();

    @Override
    String[] settings() {
        return new String[] {"PURGE_RECONNECT_MIN", "1ms", "PURGE_RECONNECT_MAX", "5ms"};
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void nobodySeesLessThanWhatTheyAskFor(long seed) throws Exception {
        for (int plugin = 0; plugin < PLUGINS; plugin++) {
            int mine = plugin;
            origin.on(index(plugin), x -> answer(x, serial -> last(mine, serial)));
        }
        origin.on(SEARCH, x -> answer(x, serial -> serial));
        AtomicInteger hits = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> publisher = threads.submit(() -> publish(new Random(seed)));
            List<Future<?>> readers = new ArrayList<>();
            for (int reader = 0; reader < READERS; reader++) {
                Random random = new Random(seed * 1000 + reader);
                readers.add(threads.submit(() -> read(random, publisher, hits)));
            }
            publisher.get();
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
        assertThat(hits.get() + hitsAfterwards()).isPositive();
    }

    /** A busy machine may apply every event too late for a hit while changes come. */
    private int hitsAfterwards() {
        TestEdge.await("a hit", () -> TestEdge.cacheStatus(edge.get(index(0))).endsWith("; hit"));
        return 1;
    }

    private void publish(Random random) {
        for (int i = 0; i < CHANGES; i++) {
            int plugin = random.nextInt(PLUGINS);
            synchronized (changes) {
                changes.add(plugin);
                origin.events().tell("release.published", name(plugin) + "@1.0." + i);
            }
            if (random.nextInt(20) == 0) {
                origin.events().disconnect();
            }
            LockSupport.parkNanos(random.nextInt(4_000_000));
        }
    }

    private void read(Random random, Future<?> publisher, AtomicInteger hits) {
        while (!publisher.isDone()) {
            int plugin = random.nextInt(PLUGINS + 1);
            boolean search = plugin == PLUGINS;
            long seen = serial();
            HttpResponse<byte[]> response =
                    edge.get(
                            search ? SEARCH : index(plugin),
                            "Registry-Min-Serial",
                            Long.toString(seen));
            if (response.statusCode() == 503) {
                continue;
            }
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(Long.parseLong(TestEdge.text(response)))
                    .as("%s at %d, %s", plugin, seen, TestEdge.cacheStatus(response))
                    .isGreaterThanOrEqualTo(search ? seen : last(plugin, seen));
            if (TestEdge.cacheStatus(response).endsWith("; hit")) {
                hits.incrementAndGet();
            }
        }
    }

    private interface Content {
        long at(long serial);
    }

    /** As one of several instances, which are up to three changes behind. */
    private void answer(HttpExchange x, Content content) throws IOException {
        Random random = new Random();
        long reached = Math.max(0, serial() - random.nextInt(4));
        String wanted = x.getRequestHeaders().getFirst("Registry-Min-Serial");
        if (wanted != null && reached < Long.parseLong(wanted)) {
            FakeOrigin.send(
                    x,
                    503,
                    "{\"type\":\"https://modunest.dev/problems/serial-not-reached\",\"status\":503}"
                            .getBytes(StandardCharsets.UTF_8));
            return;
        }
        long shown = content.at(reached);
        LockSupport.parkNanos(random.nextInt(3_000_000));
        x.getResponseHeaders().set("Registry-Serial", Long.toString(reached));
        x.getResponseHeaders().set("Cache-Control", "public, max-age=5, stale-while-revalidate=30");
        FakeOrigin.send(x, 200, Long.toString(shown).getBytes(StandardCharsets.UTF_8));
    }

    private long serial() {
        synchronized (changes) {
            return changes.size();
        }
    }

    /** The last change of {@code plugin} up to {@code serial}. */
    private long last(int plugin, long serial) {
        synchronized (changes) {
            for (int at = (int) serial; at > 0; at--) {
                if (changes.get(at - 1) == plugin) {
                    return at;
                }
            }
            return 0;
        }
    }

    private static String name(int plugin) {
        return "acme/plugin-" + plugin;
    }

    private static String index(int plugin) {
        return "/index/" + name(plugin);
    }
}
