package dev.modunest.loader;

import static dev.modunest.loader.testing.Reports.failed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.resolve.Plan;
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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

class DependenciesIT {

    private static final Duration LONG = Duration.ofSeconds(30);

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

    private static CompletableFuture<Object> waiting(PluginLoader loader, String plugin) {
        CompletableFuture<Object> woken = new CompletableFuture<>();
        Thread waiter =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    try {
                                        woken.complete(
                                                loader.dependencies()
                                                        .waitForDependency(
                                                                PluginId.parse(plugin), LONG));
                                    } catch (Exception thrown) {
                                        woken.complete(thrown);
                                    }
                                });
        while (waiter.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return woken;
    }

    @Test
    void whoWaitsIsWokenByTheStartOrTheFailure() throws Exception {
        TestPlugin good = TestPlugin.recording("a/good@1.0.0");
        TestPlugin bad = TestPlugin.of("a/bad@1.0.0").starting("throw new Exception(\"no\");");
        TestPlugin child = TestPlugin.recording("a/child@1.0.0").requires("a/bad", "*");
        registry.add(good, bad, child);
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            CompletableFuture<Object> ready = waiting(loader, "a/good");
            CompletableFuture<Object> failed = waiting(loader, "a/bad");
            CompletableFuture<Object> skipped = waiting(loader, "a/child");
            loader.dependencies()
                    .batchLoadPlugins(new Plan(List.of(child.step(bad), bad.step(), good.step())));
            assertThat(ready.get(30, TimeUnit.SECONDS))
                    .isSameAs(loader.plugin(PluginId.parse("a/good")).orElseThrow());
            assertThat(failed.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(LoaderException.class)
                    .asString()
                    .contains("start-failed");
            assertThat(skipped.get(30, TimeUnit.SECONDS)).asString().contains("a/bad@1.0.0");
            assertThat(
                            loader.dependencies()
                                    .waitForDependency(PluginId.parse("a/good"), Duration.ZERO))
                    .isNotNull();
            assertThatThrownBy(
                            () ->
                                    loader.dependencies()
                                            .waitForDependency(
                                                    PluginId.parse("a/never"),
                                                    Duration.ofMillis(1)))
                    .isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void aHostAnnouncesWhatItBringsItself() throws Exception {
        registry.add(TestPlugin.recording("a/x@1.0.0"));
        try (PluginLoader loader = PluginLoader.open(options().build());
                PluginLoader other = PluginLoader.open(options().build())) {
            other.load(List.of(Requirement.parse("a/x")));
            CompletableFuture<Object> ready = waiting(loader, "a/x");
            LoadedPlugin own = other.plugin(PluginId.parse("a/x")).orElseThrow();
            loader.dependencies().notifyPluginLoaded(own);
            assertThat(ready.get(30, TimeUnit.SECONDS)).isSameAs(own);
        }
    }

    @Test
    void slotsOfTheHostCountInTheBudget() throws Exception {
        registry.add(TestPlugin.recording("a/x@1.0.0"));
        LoaderOptions narrow =
                options()
                        .permits(1)
                        .networkPermits(1)
                        .verificationPermits(1)
                        .memoryBudget(1)
                        .build();
        try (PluginLoader loader = PluginLoader.open(narrow)) {
            PluginDependencyResolver resolver = loader.dependencies();
            LoadingSlot slot = resolver.acquireLoadingSlot(LoadingSlot.Kind.START, 0);
            LoadingSlot bytes =
                    resolver.acquireLoadingSlot(LoadingSlot.Kind.VERIFICATION, 1L << 40);
            assertThat(bytes.kind()).isEqualTo(LoadingSlot.Kind.VERIFICATION);
            CompletableFuture<LoadReport> loaded = new CompletableFuture<>();
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    loaded.complete(loader.load(List.of(Requirement.parse("a/x"))));
                                } catch (InterruptedException | RuntimeException failed) {
                                    loaded.completeExceptionally(failed);
                                }
                            });
            assertThat(loaded).isNotDone();
            resolver.releaseLoadingSlot(bytes);
            resolver.releaseLoadingSlot(slot);
            resolver.releaseLoadingSlot(slot);
            assertThat(loaded.get(30, TimeUnit.SECONDS).complete()).isTrue();
        }
    }

    @Test
    void aMissingServiceFailsThePluginBeforeItStarts() throws Exception {
        registry.add(
                TestPlugin.recording("a/base@1.0.0"),
                TestPlugin.of("a/x@1.0.0")
                        .requires("a/base", "*")
                        .source(
                                "p.x.Entry",
                                """
                                package p.x;
                                import dev.modunest.loader.*;
                                public class Entry implements Plugin {
                                    public java.util.Set<Class<?>> requiredServices() {
                                        return java.util.Set.of(Runnable.class);
                                    }
                                    public void start(PluginContext context) {
                                        throw new AssertionError();
                                    }
                                }
                                """)
                        .entryPoint("p.x.Entry"));
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            LoadReport report = loader.load(List.of(Requirement.parse("a/x")));
            assertThat(failed(report, "a/x").code()).isEqualTo("service-missing");
            assertThat(failed(report, "a/x").reason()).contains("java.lang.Runnable");
        }
    }

    @Test
    void aPluginKnowsOfItsHostWhatItIsTold() throws Exception {
        registry.add(
                TestPlugin.of("a/x@1.0.0")
                        .starting(
                                """
                                PluginEnvironmentService host = context.environment();
                                Recorder.record(host.environment() + " " + host.hostVersion()
                                        + host.fact("region") + host.fact("secret"));
                                java.nio.file.Files.writeString(
                                        host.dataDirectory().resolve("file"), "x");
                                }
                                record Settings(int size) {}
                                void read(PluginContext context) {
                                    context.configuration().read(Settings.class);
                                """),
                TestPlugin.of("a/bare@1.0.0")
                        .starting(
                                """
                                record Settings(int size) {}
                                context.configuration().read(Settings.class);
                                """));
        LoaderOptions telling =
                options()
                        .environment(PluginEnvironmentService.Environment.STAGING)
                        .hostVersion(Version.parse("2.1.0"))
                        .facts(Map.of("region", "north"))
                        .variables(Map.of())
                        .dataDirectory(cache.resolve("data"))
                        .build();
        try (PluginLoader loader = PluginLoader.open(telling)) {
            LoadReport report =
                    loader.load(List.of(Requirement.parse("a/x"), Requirement.parse("a/bare")));
            assertThat(failed(report, "a/bare").code()).isEqualTo("configuration-invalid");
            assertThat(failed(report, "a/bare").reason())
                    .contains("MODUNEST_PLUGIN__A__BARE__SIZE) is missing");
        }
        assertThat(Recorder.events())
                .contains("STAGING Optional[2.1.0]Optional[north]Optional.empty");
        assertThat(cache.resolve("data/a/x/file")).hasContent("x");
    }

    @Test
    void findsWhatIsMissingBeforeAPluginStarts() throws Exception {
        String full =
                """
                package lib;
                public class Lib implements Comparable<Lib> {
                    public int size;
                    public static String old() { return ""; }
                    public int compareTo(Lib other) { return 0; }
                }
                """;
        TestPlugin former = TestPlugin.of("a/lib@1.0.0").exports("lib").source("lib.Lib", full);
        TestPlugin present =
                TestPlugin.of("a/lib@1.1.0")
                        .exports("lib")
                        .source("lib.Lib", "package lib; public class Lib {}");
        String use =
                """
                if (lib.Lib.old() == null) {
                    Object[] all = {new lib.Lib().size, new lib.Lib().compareTo(null)};
                    java.util.List.of(all).forEach(System.out::println);
                }
                """;
        TestPlugin user =
                TestPlugin.of("a/user@1.0.0").requires("a/lib", "^1").starting(use, former);
        registry.add(former, present, user);
        LoaderOptions checking = options().checkLinks(true).build();
        try (PluginLoader loader = PluginLoader.open(checking)) {
            assertThat(loader.load(new Plan(List.of(former.step(), user.step(former)))).complete())
                    .isTrue();
            LoadedPlugin running = loader.plugin(PluginId.parse("a/user")).orElseThrow();
            assertThat(running.usage().classes()).isPositive();
            assertThat(running.usage().classBytes()).isPositive();
            assertThat(running.usage().jarBytes()).isEqualTo(user.jar().length);
            assertThat(running.usage().openResources()).isZero();
            assertThat(running.usage().leases()).isZero();
        }
        try (PluginLoader loader = PluginLoader.open(checking)) {
            LoadReport report = loader.load(new Plan(List.of(present.step(), user.step(present))));
            assertThat(failed(report, "a/user").code()).isEqualTo("incompatible");
            assertThat(failed(report, "a/user").reason())
                    .contains(
                            "p.user.Entry needs lib.Lib.old()Ljava/lang/String;, which a/lib@1.1.0"
                                    + " lacks")
                    .contains("lib.Lib.sizeI, which a/lib@1.1.0 lacks");
        }
    }
}
