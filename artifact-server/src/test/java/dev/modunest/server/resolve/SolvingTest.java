package dev.modunest.server.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.ReleaseSource;
import dev.modunest.format.resolve.ReleaseStatus;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.server.admission.Party;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

class SolvingTest {

    private static final Party ONE = new Party("one");
    private static final Party OTHER = new Party("other");

    private final Map<PluginId, List<IndexEntry>> index = new HashMap<>();

    private void release(String coordinate, String... requires) {
        Coordinate release = Coordinate.parse(coordinate);
        index.computeIfAbsent(release.plugin(), _ -> new ArrayList<>())
                .add(
                        new IndexEntry(
                                release,
                                Digest.ofBytes(coordinate.getBytes(StandardCharsets.UTF_8)),
                                1,
                                Arrays.stream(requires).map(SolvingTest::dependency).toList(),
                                Optional.empty(),
                                ReleaseStatus.LIVE,
                                Optional.empty()));
    }

    private static Dependency dependency(String text) {
        String[] parts = text.split(" ", 2);
        return new Dependency(PluginId.parse(parts[0]), VersionRange.parse(parts[1]), false);
    }

    private static ResolveRequest request(String... plugins) {
        return ResolveRequest.of(
                Arrays.stream(plugins)
                        .map(
                                plugin ->
                                        new Requirement(
                                                PluginId.parse(plugin), VersionRange.parse("*")))
                        .toList());
    }

    /** One pigeon more than there are holes: hard for what reasons by one clause at a time. */
    private ResolveRequest pigeonhole(int holes) {
        for (int pigeon = 1; pigeon <= holes + 1; pigeon++) {
            for (int hole = 1; hole <= holes; hole++) {
                release("a/pigeon" + pigeon + "@" + hole + ".0.0", "a/hole" + hole + " " + pigeon);
                release("a/hole" + hole + "@" + pigeon + ".0.0");
            }
        }
        return request(
                IntStream.rangeClosed(1, holes + 1)
                        .mapToObj(pigeon -> "a/pigeon" + pigeon)
                        .toArray(String[]::new));
    }

    /** Solves on one index. */
    private record OnIndex(Solving solving, ReleaseSource releases) implements AutoCloseable {

        Lock solve(Party party, ResolveRequest request) {
            return solving.solve(party, request, releases);
        }

        @Override
        public void close() {
            solving.close();
        }
    }

    private static OnIndex solving(ReleaseSource releases, String... settings) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            environment.put("MODUNEST_" + settings[i], settings[i + 1]);
        }
        return new OnIndex(
                new Solving(
                        Settings.read(ResolveConfig.class, Optional.empty(), environment),
                        new Metrics()),
                releases);
    }

    private static void assertRefused(ProblemCode code, OnIndex solving, ResolveRequest request) {
        assertThatThrownBy(() -> solving.solve(ONE, request))
                .isInstanceOfSatisfying(
                        Rejection.class, refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void whatIsGivenUpIsNoConflict() {
        ResolveRequest hard = pigeonhole(12);
        try (OnIndex solving = solving(_ -> index, "MAX_TIME", "5m")) {
            assertThatThrownBy(() -> solving.solve(ONE, hard))
                    .isInstanceOfSatisfying(
                            Rejection.class,
                            refused -> {
                                assertThat(refused.code())
                                        .isEqualTo(ProblemCode.RESOLUTION_TOO_COMPLEX);
                                assertThat(refused.detail()).contains("it is not known");
                                assertThat(refused.faults())
                                        .extracting(fault -> fault.code())
                                        .containsExactly("too-complex");
                            });
        }
    }

    @Test
    void aConflictIsOne() {
        release("a/x@1.0.0", "a/none ^1");
        try (OnIndex solving = solving(_ -> index)) {
            assertRefused(ProblemCode.RESOLUTION_CONFLICT, solving, request("a/x"));
        }
    }

    @Test
    void aSearchThatTakesTooLongIsEnded() {
        ResolveRequest hard = pigeonhole(12);
        try (OnIndex solving = solving(_ -> index, "MAX_TIME", "50ms")) {
            assertThatThrownBy(() -> solving.solve(ONE, hard))
                    .isInstanceOfSatisfying(
                            Rejection.class,
                            refused -> {
                                assertThat(refused.code())
                                        .isEqualTo(ProblemCode.RESOLUTION_TIMEOUT);
                                assertThat(refused.headers()).containsKey("Retry-After");
                            });
        }
    }

    @Test
    void aPlanIsAnsweredAsALock() {
        release("a/x@1.0.0");
        try (OnIndex solving = solving(_ -> index)) {
            assertThat(solving.solve(ONE, request("a/x")).plan().steps()).hasSize(1);
        }
    }

    @Test
    void searchesRunOnAFewPlatformThreadsAndTheOthersWaitOrAreRefused() throws Exception {
        release("a/x@1.0.0");
        Semaphore asked = new Semaphore(0);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        List<Boolean> virtual = new ArrayList<>();
        ReleaseSource blocked =
                _ -> {
                    synchronized (virtual) {
                        virtual.add(Thread.currentThread().isVirtual());
                    }
                    asked.release();
                    awaitQuietly(mayAnswer);
                    return index;
                };
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
                OnIndex solving =
                        solving(
                                blocked,
                                "MAX_CONCURRENT",
                                "2",
                                "MAX_QUEUED",
                                "2",
                                "MAX_QUEUED_PER_CLIENT",
                                "0",
                                "MAX_TIME",
                                "5m")) {
            List<Future<?>> running = new ArrayList<>();
            running.add(clients.submit(() -> solving.solve(ONE, request("a/x"))));
            asked.acquire();
            assertRefused(ProblemCode.QUEUE_FULL, solving, request("a/x"));
            running.add(clients.submit(() -> solving.solve(OTHER, request("a/x"))));
            asked.acquire();
            mayAnswer.countDown();
            for (Future<?> each : running) {
                each.get();
            }
            assertThat(virtual).containsOnly(false);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopping) {
            throw new IllegalStateException(stopping);
        }
    }

    @Test
    void thereIsASolverOnEveryMachine() {
        assertThat(Settings.read(ResolveConfig.class, Optional.empty(), Map.of()).solvers())
                .isPositive();
    }
}
