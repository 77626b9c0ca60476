package dev.modunest.loader;

import static dev.modunest.loader.testing.Reports.failed;
import static dev.modunest.loader.testing.Reports.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Coordinate;
import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

class LifecycleHooksIT {

    @TempDir private Path cache;
    private FakeRegistry registry;

    @BeforeEach
    void open() throws IOException {
        Recorder.reset();
        registry = new FakeRegistry();
        registry.add(
                TestPlugin.recording("a/base@1.0.0"),
                TestPlugin.recording("a/user@1.0.0").requires("a/base", "*"));
    }

    @AfterEach
    void close() {
        Recorder.unstick();
        registry.close();
    }

    private LoaderOptionsBuilder options() {
        return TestOptions.in(cache, registry);
    }

    /** Records every call, and throws where it is told to. */
    private record Recording(String throwing) implements PluginLifecycleHooks {

        private void at(String hook, Coordinate plugin) throws IOException {
            Recorder.record(hook + " " + plugin.plugin().name());
            if ((hook + " " + plugin.plugin().name()).equals(throwing)) {
                throw new IOException("hook says no");
            }
        }

        @Override
        public void beforeLoad(Coordinate plugin) throws IOException {
            at("beforeLoad", plugin);
        }

        @Override
        public void afterLoad(Coordinate plugin) throws IOException {
            at("afterLoad", plugin);
        }

        @Override
        public void beforeStart(Coordinate plugin) throws IOException {
            at("beforeStart", plugin);
        }

        @Override
        public void afterStart(Coordinate plugin) throws IOException {
            at("afterStart", plugin);
        }

        @Override
        public void beforeStop(Coordinate plugin) throws IOException {
            at("beforeStop", plugin);
        }

        @Override
        public void afterStop(Coordinate plugin) throws IOException {
            at("afterStop", plugin);
        }

        @Override
        public void beforeUnload(Coordinate plugin) throws IOException {
            at("beforeUnload", plugin);
        }

        @Override
        public void afterUnload(Coordinate plugin) throws IOException {
            at("afterUnload", plugin);
        }

        @Override
        public void beforeReload(Coordinate plugin) throws IOException {
            at("beforeReload", plugin);
        }

        @Override
        public void afterReload(Coordinate plugin) throws IOException {
            at("afterReload", plugin);
        }
    }

    @Test
    void areCalledAtEveryTurn() throws Exception {
        LoaderOptions hooked = options().hooks(new Recording("")).build();
        try (PluginLoader loader = PluginLoader.open(hooked)) {
            loader.load(List.of(Requirement.parse("a/base")));
            assertThat(loader.reload(PluginId.parse("a/base")).done()).isTrue();
        }
        List<String> start =
                List.of(
                        "beforeLoad base",
                        "afterLoad base",
                        "beforeStart base",
                        "start base",
                        "afterStart base");
        List<String> stop =
                List.of(
                        "beforeStop base",
                        "stop base",
                        "afterStop base",
                        "beforeUnload base",
                        "afterUnload base");
        List<String> expected = new ArrayList<>(start);
        expected.add("beforeReload base");
        expected.addAll(start);
        expected.addAll(stop);
        expected.add("afterReload base");
        expected.addAll(stop);
        assertThat(Recorder.events()).containsExactlyElementsOf(expected);
    }

    @Test
    void refuseAPluginWithItsDependents() throws Exception {
        for (String hook : List.of("beforeLoad", "afterLoad", "beforeStart", "afterStart")) {
            LoaderOptions hooked = options().hooks(new Recording(hook + " base")).build();
            try (PluginLoader loader = PluginLoader.open(hooked)) {
                LoadReport report = loader.load(List.of(Requirement.parse("a/user")));
                assertThat(failed(report, "a/base").code()).isEqualTo("hook-failed");
                assertThat(failed(report, "a/base").reason())
                        .contains(hook + " of the host threw")
                        .contains("hook says no");
                assertThat(outcome(report, "a/user")).isInstanceOf(Outcome.Skipped.class);
                assertThat(loader.plugins()).isEmpty();
            }
        }
        assertThat(Recorder.events()).containsOnlyOnce("stop base");
    }

    @Test
    void areReportedWhenTheyFailAtTheEnd() throws Exception {
        List<LoaderEvent> events = Collections.synchronizedList(new ArrayList<>());
        LoaderOptions hooked =
                options()
                        .hooks(new Recording("beforeStop base"))
                        .hooks(new Recording("afterUnload base"))
                        .onEvent(events::add)
                        .build();
        try (PluginLoader loader = PluginLoader.open(hooked)) {
            loader.load(List.of(Requirement.parse("a/base")));
            ExchangeReport report = loader.unload(PluginId.parse("a/base"));
            assertThat(report.hookFailures())
                    .hasSize(2)
                    .allMatch(line -> line.contains("hook says no"))
                    .first()
                    .asString()
                    .startsWith("beforeStop of a/base@1.0.0");
        }
        assertThat(events).filteredOn(LoaderEvent.HookFailed.class::isInstance).hasSize(2);
    }

    @Test
    void mayNotHoldTheEngineUp() throws Exception {
        PluginLifecycleHooks hanging =
                new PluginLifecycleHooks() {
                    @Override
                    public void afterLoad(Coordinate plugin) {
                        Recorder.hang();
                    }
                };
        LoaderOptions hooked = options().hooks(hanging).hookDeadline(Duration.ofMillis(50)).build();
        try (PluginLoader loader = PluginLoader.open(hooked)) {
            LoadReport report = loader.load(List.of(Requirement.parse("a/base")));
            assertThat(failed(report, "a/base").reason())
                    .contains("it has not returned within 50 ms");
        }
    }

    @Test
    void aListenerThatThrowsChangesNothing() throws Exception {
        LoaderOptions listening =
                options()
                        .onEvent(
                                event -> {
                                    throw new IllegalStateException("a listener's fault");
                                })
                        .build();
        try (PluginLoader loader = PluginLoader.open(listening)) {
            assertThat(loader.load(List.of(Requirement.parse("a/user"))).complete()).isTrue();
        }
    }
}
