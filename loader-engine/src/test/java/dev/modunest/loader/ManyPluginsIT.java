package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** 500 plugins in a random graph, with the shapes that break schedulers: a chain and a hub. */
class ManyPluginsIT {

    private static final int PLUGINS = 500;
    private static final List<TestPlugin> ALL = new ArrayList<>();
    private static final List<List<Integer>> REQUIRED = new ArrayList<>();
    private static FakeRegistry registry;

    @TempDir private Path cache;

    @BeforeAll
    static void publish() throws IOException {
        registry = new FakeRegistry();
        Random random = new Random(7);
        for (int i = 0; i < PLUGINS; i++) {
            Set<Integer> required = new HashSet<>();
            if (i > 0 && i <= 60) {
                required.add(i - 1);
            } else if (i > 60) {
                required.add(0);
                for (int edge = 0; edge < 3; edge++) {
                    required.add(random.nextInt(i));
                }
            }
            TestPlugin plugin = TestPlugin.recording("many/p" + i + "@1.0.0");
            required.forEach(one -> plugin.requires("many/p" + one, "^1.0.0"));
            ALL.add(plugin);
            REQUIRED.add(List.copyOf(required));
            registry.add(plugin);
        }
    }

    @AfterAll
    static void close() {
        registry.close();
        ALL.clear();
        REQUIRED.clear();
    }

    @BeforeEach
    void reset() {
        Recorder.reset();
    }

    private static Plan plan() {
        List<Plan.Step> steps = new ArrayList<>();
        for (int i = PLUGINS - 1; i >= 0; i--) {
            TestPlugin[] wired = REQUIRED.get(i).stream().map(ALL::get).toArray(TestPlugin[]::new);
            steps.add(ALL.get(i).step(wired));
        }
        return new Plan(steps);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 500})
    void startsEachAfterWhatItRequires(int permits) throws Exception {
        LoaderOptions options = TestOptions.in(cache, registry).permits(permits).build();
        try (PluginLoader loader = PluginLoader.open(options)) {
            LoadReport report = loader.load(plan());
            assertThat(report.failures()).isEmpty();
            assertThat(loader.plugins()).hasSize(PLUGINS);
        }
        List<String> started = Recorder.events("start ");
        assertThat(started).hasSize(PLUGINS);
        assertInOrder(started);
        assertInOrder(Recorder.events("stop ").reversed());
    }

    private static void assertInOrder(List<String> names) {
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            int plugin = Integer.parseInt(name.substring(1));
            assertThat(seen)
                    .containsAll(REQUIRED.get(plugin).stream().map(one -> "p" + one).toList());
            seen.add(name);
        }
    }
}
