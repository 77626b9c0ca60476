package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.loader.testing.FakeRegistry;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

class ReloadIT {

    private static final PluginId COUNTER = PluginId.parse("a/counter");

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

    /** Counts calls; its state is the count, as a decimal number. */
    private static TestPlugin counter(String version, int stateVersion, String restoring) {
        return TestPlugin.of("a/counter@" + version)
                .source(
                        "p.counter.Entry",
                        """
                        package p.counter;
                        import dev.modunest.loader.*;
                        import dev.modunest.loader.testing.Recorder;
                        import java.util.*;
                        import java.util.concurrent.atomic.AtomicInteger;
                        public class Entry implements Plugin, PluginState {
                            private final AtomicInteger count = new AtomicInteger();
                            public void start(PluginContext context) {
                                Recorder.record("start %1$s");
                                context.provide(
                                        java.util.function.IntSupplier.class,
                                        () -> count.incrementAndGet());
                            }
                            public void stop() { Recorder.record("stop %1$s"); }
                            public Optional<PluginState> state() { return Optional.of(this); }
                            public int version() { return %2$d; }
                            public byte[] save() { return ("" + count.get()).getBytes(); }
                            public List<Migration> migrations() {
                                return List.of(new Migration(1, 2, old ->
                                        (new String(old) + "0").getBytes()));
                            }
                            public void restore(byte[] state) {
                                %3$s
                                count.set(Integer.parseInt(new String(state)));
                            }
                        }
                        """
                                .formatted(version, stateVersion, restoring))
                .entryPoint("p.counter.Entry");
    }

    private static TestPlugin user(String name) {
        return TestPlugin.recording("a/" + name + "@1.0.0").requires("a/counter", "*");
    }

    private static Lock lock(Plan.Step... steps) {
        return Lock.of(
                ResolveRequest.of(List.of(Requirement.parse("a/counter@*"))),
                new Plan(List.of(steps)));
    }

    private static int count(PluginLoader loader) throws InterruptedException {
        try (PluginLease lease = loader.lease(COUNTER)) {
            return lease.service(IntSupplier.class).orElseThrow().getAsInt();
        }
    }

    @Test
    void reloadsAPluginWithItsDependentsAndItsState() throws Exception {
        registry.add(counter("1.0.0", 1, ""), user("user"), TestPlugin.recording("a/rest@1.0.0"));
        List<LoaderEvent> events = Collections.synchronizedList(new ArrayList<>());
        try (PluginLoader loader = PluginLoader.open(options().onEvent(events::add).build())) {
            loader.load(List.of(Requirement.parse("a/user"), Requirement.parse("a/rest")));
            assertThat(count(loader)).isEqualTo(1);
            assertThat(count(loader)).isEqualTo(2);
            ClassLoader former = loader.plugin(COUNTER).orElseThrow().classLoader();
            ExchangeReport report = loader.reload(COUNTER);
            assertThat(report.done()).isTrue();
            assertThat(report.former())
                    .extracting(Object::toString)
                    .containsExactly("a/counter@1.0.0", "a/user@1.0.0");
            assertThat(report.pause()).isPositive().isLessThanOrEqualTo(report.wall());
            assertThat(loader.plugin(COUNTER).orElseThrow().classLoader()).isNotSameAs(former);
            assertThat(count(loader)).isEqualTo(3);
            assertThat(loader.plugins()).hasSize(3);
        }
        assertThat(Recorder.events())
                .containsSubsequence(
                        "start 1.0.0",
                        "start user",
                        "start 1.0.0",
                        "start user",
                        "stop user",
                        "stop 1.0.0")
                .containsOnlyOnce("start rest");
        assertThat(events)
                .hasAtLeastOneElementOfType(LoaderEvent.LoadBegan.class)
                .hasAtLeastOneElementOfType(LoaderEvent.LoadEnded.class)
                .hasAtLeastOneElementOfType(LoaderEvent.PluginFinished.class)
                .hasAtLeastOneElementOfType(LoaderEvent.ExchangeBegan.class)
                .hasAtLeastOneElementOfType(LoaderEvent.ExchangeEnded.class);
    }

    @Test
    void migratesStateToANewerForm() throws Exception {
        TestPlugin one = counter("1.0.0", 1, "");
        TestPlugin two = counter("2.0.0", 2, "");
        registry.add(one, two);
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            assertThat(loader.generations().apply(lock(one.step())).done()).isTrue();
            assertThat(count(loader)).isEqualTo(1);
            assertThat(loader.generations().apply(lock(two.step())).done()).isTrue();
            assertThat(count(loader)).isEqualTo(11);
            ExchangeReport back = loader.generations().rollback();
            assertThat(back.result())
                    .isEqualTo(
                            new ExchangeReport.Result.RolledBack(
                                    "state-migration-missing",
                                    "a/counter@1.0.0: no migrations lead from state version 2 to"
                                            + " 1"));
            assertThat(count(loader)).isEqualTo(12);
        }
    }

    @Test
    void keepsTheFormerWithItsStateWhenTheNewOneFails() throws Exception {
        TestPlugin one = counter("1.0.0", 1, "");
        TestPlugin two = counter("2.0.0", 1, "if (true) throw new IllegalStateException(\"bad\");");
        TestPlugin user = user("user");
        registry.add(one, two, user);
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            PluginGenerations generations = loader.generations();
            assertThat(generations.apply(lock(one.step(), user.step(one))).done()).isTrue();
            assertThat(count(loader)).isEqualTo(1);
            ExchangeReport report = generations.apply(lock(two.step(), user.step(two)));
            assertThat(report.result())
                    .isInstanceOfSatisfying(
                            ExchangeReport.Result.RolledBack.class,
                            undone -> {
                                assertThat(undone.code()).isEqualTo("start-failed");
                                assertThat(undone.reason()).startsWith("a/counter@2.0.0: ");
                            });
            assertThat(count(loader)).isEqualTo(2);
            assertThat(generations.kept()).hasSize(1);
        }
        assertThat(Recorder.events()).containsSubsequence("start 2.0.0", "stop 2.0.0");
    }

    @Test
    void noCallFailsWhileAPluginIsExchanged() throws Exception {
        registry.add(counter("1.0.0", 1, ""), user("user"));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger calls = new AtomicInteger();
        List<Throwable> failed = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers = new ArrayList<>();
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            loader.load(List.of(Requirement.parse("a/user")));
            for (int i = 0; i < 4; i++) {
                callers.add(
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            while (!over.get()) {
                                                try {
                                                    count(loader);
                                                    calls.incrementAndGet();
                                                } catch (Exception trouble) {
                                                    failed.add(trouble);
                                                }
                                            }
                                        }));
            }
            for (int i = 0; i < 10; i++) {
                assertThat(loader.reload(COUNTER).done()).isTrue();
            }
            over.set(true);
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(count(loader)).isEqualTo(calls.get() + 1);
        }
        assertThat(failed).isEmpty();
    }

    /** A caller that holds one of them and waits for another would be waited for. */
    @Test
    void whoUsesOneOfThemMayTakeUpAnother() throws Exception {
        registry.add(counter("1.0.0", 1, ""), user("user"));
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            loader.load(List.of(Requirement.parse("a/user")));
            CompletableFuture<ExchangeReport> reloaded = new CompletableFuture<>();
            try (PluginLease _ = loader.lease(PluginId.parse("a/user"))) {
                Thread reloading =
                        Thread.ofPlatform()
                                .start(
                                        () -> {
                                            try {
                                                reloaded.complete(loader.reload(COUNTER));
                                            } catch (InterruptedException stopped) {
                                                reloaded.completeExceptionally(stopped);
                                            }
                                        });
                while (reloading.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait(); // until it waits for this lease
                }
                assertThat(count(loader)).isEqualTo(1);
            }
            assertThat(reloaded.get(30, TimeUnit.SECONDS).done()).isTrue();
            assertThat(count(loader)).isEqualTo(2);
        }
    }

    @Test
    void givesUpWhenTheFormerIsUsedForTooLong() throws Exception {
        registry.add(counter("1.0.0", 1, ""));
        LoaderOptions hasty =
                options()
                        .drainDeadline(Duration.ofMillis(50))
                        .leaseDeadline(Duration.ofMillis(1))
                        .build();
        try (PluginLoader loader = PluginLoader.open(hasty)) {
            loader.load(List.of(Requirement.parse("a/counter")));
            PluginLease lease = loader.lease(COUNTER);
            ExchangeReport report = loader.reload(COUNTER);
            assertThat(report.result())
                    .isInstanceOfSatisfying(
                            ExchangeReport.Result.RolledBack.class,
                            undone -> assertThat(undone.code()).isEqualTo("drain-deadline"));
            assertThat(lease.coordinate()).hasToString("a/counter@1.0.0");
            lease.close();
            lease.close();
            assertThatThrownBy(() -> lease.service(IntSupplier.class))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(loader.reload(COUNTER).done()).isTrue();
            assertCode("not-running", () -> loader.lease(PluginId.parse("a/none")));
            assertCode("not-running", () -> loader.reload(PluginId.parse("a/none")));
            assertCode("not-running", () -> loader.unload(PluginId.parse("a/none")));
        }
    }

    /** A call that throws {@link LoaderException}. */
    @FunctionalInterface
    private interface Failing {
        void run() throws Exception;
    }

    private static void assertCode(String code, Failing call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        LoaderException.class, fault -> assertThat(fault.code()).isEqualTo(code));
    }

    @Test
    void cancellingAnExchangeLeavesTheFormerRunning() throws Exception {
        TestPlugin one = counter("1.0.0", 1, "");
        TestPlugin stuck =
                TestPlugin.of("a/counter@2.0.0")
                        .starting("Recorder.record(\"two is on\"); Recorder.hang();");
        registry.add(one, stuck);
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            assertThat(loader.generations().apply(lock(one.step())).done()).isTrue();
            CompletableFuture<Throwable> ended = new CompletableFuture<>();
            CountDownLatch cancelled = new CountDownLatch(1);
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try {
                                    loader.generations().apply(lock(stuck.step()));
                                } catch (InterruptedException | RuntimeException stopped) {
                                    ended.complete(stopped);
                                }
                                cancelled.countDown();
                            });
            Recorder.await("two is on");
            loader.cancel();
            assertThat(ended.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            cancelled.await();
            assertThat(count(loader)).isEqualTo(1);
            assertThat(loader.generations().current()).contains(1);
            loader.cancel();
            assertThat(loader.reload(COUNTER).done()).isTrue();
        }
    }

    @Test
    void keepsStateOnDiskAndBringsItBack() throws Exception {
        registry.add(counter("1.0.0", 1, ""), TestPlugin.recording("a/plain@1.0.0"));
        Path file = cache.resolve("state/counter");
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            loader.load(List.of(Requirement.parse("a/counter"), Requirement.parse("a/plain")));
            assertThat(count(loader)).isEqualTo(1);
            loader.states().backup(COUNTER, file);
            assertThat(count(loader)).isEqualTo(2);
            assertCode("no-state", () -> loader.states().backup(PluginId.parse("a/plain"), file));
            assertCode(
                    "state-unreadable",
                    () -> loader.states().restore(PluginId.parse("a/plain"), file));
        }
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            loader.load(List.of(Requirement.parse("a/counter")));
            assertThat(loader.states().restore(COUNTER, file).done()).isTrue();
            assertThat(count(loader)).isEqualTo(2);
            byte[] damaged = Files.readAllBytes(file);
            damaged[damaged.length - 1]++;
            Files.write(file, damaged);
            assertCode("state-unreadable", () -> loader.states().restore(COUNTER, file));
        }
    }

    @Test
    void refusesStateThatIsTooLarge() throws Exception {
        registry.add(counter("1.0.0", 1, ""));
        LoaderOptions narrow = options().maxStateBytes(1).build();
        try (PluginLoader loader = PluginLoader.open(narrow)) {
            loader.load(List.of(Requirement.parse("a/counter")));
            for (int i = 0; i < 10; i++) {
                count(loader);
            }
            assertThat(loader.reload(COUNTER).result().toString()).contains("state-too-large");
            assertThat(count(loader)).isEqualTo(11);
        }
    }
}
