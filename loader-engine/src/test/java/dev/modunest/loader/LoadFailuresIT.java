package dev.modunest.loader;

import static dev.modunest.loader.testing.Reports.failed;
import static dev.modunest.loader.testing.Reports.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.FakeRegistry.Fault;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

class LoadFailuresIT {

    @TempDir private Path cache;
    private FakeRegistry registry;

    @BeforeEach
    void open() throws IOException {
        Recorder.reset();
        registry = new FakeRegistry();
    }

    @AfterEach
    void close() {
        Recorder.unstick();
        registry.close();
    }

    private LoaderOptionsBuilder options() {
        return TestOptions.in(cache, registry);
    }

    private static List<Requirement> wanting(String... texts) {
        return Stream.of(texts).map(Requirement::parse).toList();
    }

    @Test
    void explainsAConflictOfTheRegistry() throws Exception {
        registry.add(TestPlugin.recording("a/x@1.0.0").requires("a/absent", "^1"));
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            assertThatThrownBy(() -> loader.load(wanting("a/x")))
                    .isInstanceOfSatisfying(
                            LoaderException.class,
                            fault -> assertThat(fault.code()).isEqualTo("resolution-conflict"))
                    .hasMessageContaining("a/absent");
        }
    }

    @Test
    void explainsARegistryThatIsNone() throws Exception {
        LoaderOptions twice = options().attempts(2).build();
        try (PluginLoader loader = PluginLoader.open(twice)) {
            String path = "/api/v1/resolve";
            registry.fail(path, new Fault.Body("<html>"), new Fault.Status(418));
            registry.fail(path, new Fault.Status(503), new Fault.Status(503));
            // Where it would solve by itself.
            registry.fail("/index/a/x", new Fault.Status(503), new Fault.Status(503));
            assertCode(loader, "registry-answer");
            assertCode(loader, "registry-answer");
            assertCode(loader, "registry-unreachable");
        }
        LoaderOptions none = TestOptions.in(cache).build();
        try (PluginLoader loader = PluginLoader.open(none)) {
            assertCode(loader, "no-registry");
        }
    }

    @Test
    void explainsAnIndexThatCannotBeRead() throws Exception {
        LoaderOptions local = options().resolution(LoaderOptions.Resolution.LOCAL_INDEX).build();
        try (PluginLoader loader = PluginLoader.open(local)) {
            registry.fail("/index/a/x", new Fault.Body("{"), new Fault.Status(400));
            assertCode(loader, "registry-answer");
            assertCode(loader, "registry-answer");
        }
    }

    private static void assertCode(PluginLoader loader, String code) {
        assertThatThrownBy(() -> loader.load(wanting("a/x")))
                .isInstanceOfSatisfying(
                        LoaderException.class, fault -> assertThat(fault.code()).isEqualTo(code));
    }

    @Test
    void aFailureTakesOnlyItsDependents() throws Exception {
        registry.add(
                TestPlugin.of("a/bad@1.0.0")
                        .starting(
                                """
                                try {
                                    throw new java.io.IOException("no disk");
                                } catch (java.io.IOException e) {
                                    throw new IllegalStateException("cannot open", e);
                                }
                                """),
                TestPlugin.recording("a/child@1.0.0").requires("a/bad", "*"),
                TestPlugin.recording("a/grandchild@1.0.0").requires("a/child", "*"),
                TestPlugin.recording("a/other@1.0.0"));
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            LoadReport report = loader.load(wanting("a/grandchild", "a/other"));
            assertThat(report.failures()).hasSize(3);
            Outcome.Failed bad = failed(report, "a/bad");
            assertThat(bad.stage()).isEqualTo(Outcome.Stage.START);
            assertThat(bad.code()).isEqualTo("start-failed");
            assertThat(bad.causes())
                    .satisfiesExactly(
                            outer -> assertThat(outer).contains("cannot open").contains("Entry"),
                            root -> assertThat(root).contains("IOException: no disk"));
            Outcome.Skipped skipped = (Outcome.Skipped) outcome(report, "a/grandchild");
            assertThat(skipped.chain())
                    .extracting(Object::toString)
                    .containsExactly("a/child@1.0.0", "a/bad@1.0.0");
            assertThat(skipped.failed()).hasToString("a/bad@1.0.0");
            assertThat(outcome(report, "a/other")).isInstanceOf(Outcome.Loaded.class);
            assertThat(loader.plugin(PluginId.parse("a/bad"))).isEmpty();
        }
        assertThat(Recorder.events()).containsExactly("start other", "stop other");
    }

    @Test
    void containsErrorsOfAPlugin() throws Exception {
        registry.add(
                TestPlugin.of("a/deep@1.0.0")
                        .source(
                                "p.deep.Loop",
                                "package p.deep; class Loop { static int go(int n) { return 1 +"
                                        + " go(n + 1); } }")
                        .starting("Loop.go(0);"),
                TestPlugin.of("a/memory@1.0.0").starting("throw new OutOfMemoryError(\"mine\");"),
                TestPlugin.of("a/missing@1.0.0").entryPoint("p.missing.None"),
                TestPlugin.of("a/wrong@1.0.0")
                        .source("p.wrong.Entry", "package p.wrong; public class Entry {}")
                        .entryPoint("p.wrong.Entry"),
                TestPlugin.of("a/init@1.0.0")
                        .source(
                                "p.init.Broken",
                                "package p.init; class Broken { static int x = 1 / Integer.parseInt(\"0\"); }")
                        .starting("Recorder.record(\"\" + Broken.x);"),
                TestPlugin.of("a/constructor@1.0.0")
                        .source(
                                "p.constructor.Entry",
                                """
                                package p.constructor;
                                public class Entry implements dev.modunest.loader.Plugin {
                                    public Entry() throws Exception { throw new Exception("ctor"); }
                                    public void start(dev.modunest.loader.PluginContext c) {}
                                }
                                """)
                        .entryPoint("p.constructor.Entry"),
                TestPlugin.recording("a/fine@1.0.0"));
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            LoadReport report =
                    loader.load(
                            wanting(
                                    "a/deep",
                                    "a/memory",
                                    "a/missing",
                                    "a/wrong",
                                    "a/init",
                                    "a/constructor",
                                    "a/fine"));
            assertThat(failed(report, "a/deep").reason()).contains("StackOverflowError");
            assertThat(failed(report, "a/memory").reason()).contains("OutOfMemoryError: mine");
            assertThat(failed(report, "a/missing").code()).isEqualTo("archive-refused");
            assertThat(failed(report, "a/wrong").reason()).contains("does not implement");
            assertThat(failed(report, "a/init").code()).isEqualTo("linkage-error");
            assertThat(failed(report, "a/init").reason()).contains("ArithmeticException");
            assertThat(failed(report, "a/constructor").reason()).contains("Exception: ctor");
            assertThat(outcome(report, "a/fine")).isInstanceOf(Outcome.Loaded.class);
        }
    }

    @Test
    void givesUpOnAPluginThatDoesNotStart() throws Exception {
        registry.add(
                TestPlugin.of("a/stuck@1.0.0")
                        .starting("Recorder.hang(); Recorder.record(\"start late\");"),
                TestPlugin.recording("a/child@1.0.0").requires("a/stuck", "*"),
                TestPlugin.recording("a/other@1.0.0"));
        LoaderOptions hasty = options().permits(1).startDeadline(Duration.ofMillis(300)).build();
        try (PluginLoader loader = PluginLoader.open(hasty)) {
            LoadReport report = loader.load(wanting("a/child", "a/other"));
            assertThat(failed(report, "a/stuck").code()).isEqualTo("deadline");
            assertThat(failed(report, "a/stuck").reason()).contains("300 ms");
            assertThat(outcome(report, "a/child")).isInstanceOf(Outcome.Skipped.class);
            assertThat(outcome(report, "a/other")).isInstanceOf(Outcome.Loaded.class);
            Recorder.await("interrupted");
            Recorder.unstick();
            Recorder.await("stop stuck");
        }
    }

    @Test
    void namesACycleBeforeAnythingStarts() throws Exception {
        TestPlugin one = TestPlugin.recording("a/one@1.0.0").requires("a/two", "*");
        TestPlugin two = TestPlugin.recording("a/two@1.0.0").requires("a/one", "*");
        registry.add(one, two);
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            Plan plan = new Plan(List.of(one.step(two), two.step(one)));
            assertThatThrownBy(() -> loader.load(plan))
                    .isInstanceOf(LoaderException.class)
                    .hasMessageContaining("a/one@1.0.0 -> a/two@1.0.0 -> a/one@1.0.0");
        }
        assertThat(registry.requests()).isEmpty();
        assertThat(Recorder.events()).isEmpty();
    }

    @Test
    void reportsAnArtifactThatCannotBeHad() throws Exception {
        TestPlugin gone = TestPlugin.recording("a/gone@1.0.0");
        TestPlugin garbled = TestPlugin.recording("a/garbled@1.0.0");
        registry.add(gone, garbled);
        registry.fail(gone, new Fault.Status(404));
        registry.fail(garbled, new Fault.Garbled());
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            LoadReport report = loader.load(wanting("a/gone", "a/garbled"));
            assertThat(failed(report, "a/gone").code()).isEqualTo("artifact-missing");
            assertThat(failed(report, "a/gone").stage()).isEqualTo(Outcome.Stage.FETCH);
            assertThat(failed(report, "a/garbled").code()).isEqualTo("digest-mismatch");
        }
    }

    @Test
    void refusesArtifactsThatAreNotWhatThePlanSays() throws Exception {
        TestPlugin base = TestPlugin.recording("a/base@1.0.0");
        TestPlugin next = TestPlugin.recording("a/next@1.0.0").requires("a/base", "^2");
        TestPlugin alone = TestPlugin.recording("a/alone@1.0.0").requires("a/base", "^1");
        TestPlugin extra = TestPlugin.recording("a/extra@1.0.0");
        TestPlugin old = TestPlugin.recording("a/old@1.0.0").host("<1");
        TestPlugin jar = TestPlugin.of("a/jar@1.0.0");
        TestPlugin liar = TestPlugin.recording("a/liar@1.0.0");
        registry.add(base, next, alone, extra, old, jar, liar);
        Plan.Step truth = liar.step();
        Plan.Step lie =
                new Plan.Step(
                        dev.modunest.format.Coordinate.parse("a/liar@2.0.0"),
                        truth.digest(),
                        truth.size(),
                        truth.url(),
                        List.of());
        Plan plan =
                new Plan(
                        List.of(
                                base.step(),
                                next.step(base),
                                alone.step(),
                                extra.step(base),
                                old.step(),
                                jar.step(),
                                lie));
        LoaderOptions versioned = options().hostVersion(Version.parse("1.0.0")).build();
        try (PluginLoader loader = PluginLoader.open(versioned)) {
            LoadReport report = loader.load(plan);
            assertThat(failed(report, "a/next").code()).isEqualTo("requires-mismatch");
            assertThat(failed(report, "a/alone").reason()).contains("which the plan lacks");
            assertThat(failed(report, "a/extra").reason()).contains("does not require");
            assertThat(failed(report, "a/old").code()).isEqualTo("host-mismatch");
            assertThat(failed(report, "a/liar").code()).isEqualTo("coordinate-mismatch");
            assertThat(outcome(report, "a/jar")).isInstanceOf(Outcome.Loaded.class);
        }
    }

    @Test
    void namesACacheThatCannotBeUsed() throws Exception {
        TestPlugin plugin = TestPlugin.recording("a/x@1.0.0");
        Path file = Files.createFile(cache.resolve("file"));
        LoaderOptions unusable = TestOptions.in(file, registry).build();
        try (PluginLoader loader = PluginLoader.open(unusable)) {
            assertThatThrownBy(() -> loader.load(new Plan(List.of(plugin.step()))))
                    .isInstanceOfSatisfying(
                            LoaderException.class,
                            fault -> assertThat(fault.code()).isEqualTo("cache-unusable"));
        }
    }
}
