package dev.modunest.server.resolve;

import dev.modunest.format.http.Problem;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.ReleaseSource;
import dev.modunest.format.resolve.Resolution;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.format.resolve.Resolver;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.admission.Party;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import org.slf4j.MDC;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;

/**
 * Solves on a few platform threads, clients in turn and each within a time. A search is nothing but
 * CPU: on the carriers of the virtual threads a few of them would stop every other request.
 * Thread-safe.
 */
public final class Solving implements AutoCloseable {

    /** Most faults that a problem lists. */
    private static final int MAX_FAULTS = 100;

    private static final String RETRY_SECONDS = "5";

    private final ResolveConfig config;
    private final Admission admission;
    private final ExecutorService threads;
    private volatile boolean closed;

    public Solving(ResolveConfig config, Metrics metrics) {
        this.config = config;
        int solvers = config.solvers();
        this.admission =
                new Admission(
                        "resolutions",
                        new Admission.Bounds(
                                solvers,
                                Admission.Bounds.share(solvers, config.maxPercentPerClient()),
                                config.maxQueued(),
                                config.maxQueuedPerClient(),
                                config.maxTime()));
        this.threads =
                Executors.newFixedThreadPool(
                        solvers, Thread.ofPlatform().daemon().name("solver-", 0).factory());
        metrics.gauge(
                "modunest_resolve_admission",
                "Resolutions that are solved and that wait.",
                "state",
                () -> admission,
                Map.<String, ToDoubleFunction<Admission>>of(
                        "running", Admission::inUse, "waiting", Admission::waiting));
    }

    /** The lock of a plan; throws {@link Rejection} when there is none, or none in time. */
    Lock solve(Party party, ResolveRequest request, ReleaseSource releases) {
        return switch (resolve(party, request, releases)) {
            case Resolution.Resolved resolved -> Lock.of(request, resolved.plan());
            case Resolution.Conflict conflict ->
                    throw new Rejection(
                            ProblemCode.RESOLUTION_CONFLICT,
                            "No set of releases satisfies all ranges; errors lists why and what to do",
                            faults(conflict.reasons()));
            case Resolution.TooComplex given ->
                    throw new Rejection(
                            ProblemCode.RESOLUTION_TOO_COMPLEX,
                            "The search was given up, so that it is not known whether there is a plan: "
                                    + given.reason().detail()
                                    + "; "
                                    + given.reason().fix(),
                            faults(List.of(given.reason())));
        };
    }

    static List<Problem.Fault> faults(List<Resolution.Reason> reasons) {
        return reasons.stream()
                .limit(MAX_FAULTS)
                .map(reason -> new Problem.Fault(reason.code(), "", reason.detail(), reason.fix()))
                .toList();
    }

    private Resolution resolve(Party party, ResolveRequest request, ReleaseSource releases) {
        long deadline = System.nanoTime() + config.maxTime().toNanos();
        Admission.Permit permit = admission.reserve(party);
        permit.await();
        Map<String, String> context =
                Optional.ofNullable(MDC.getCopyOfContextMap()).orElse(Map.of());
        Future<Resolution> solving =
                threads.submit(
                        () -> {
                            MDC.setContextMap(context);
                            try (permit) {
                                return Resolver.resolve(request, releases, () -> check(deadline));
                            }
                        });
        try {
            return solving.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            // The solver ends at its next check, and gives its permit back then.
            throw tooLate();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the server stops", stopping);
        }
    }

    private void check(long deadline) {
        if (closed || System.nanoTime() - deadline > 0) {
            throw tooLate();
        }
    }

    private Rejection tooLate() {
        return new Rejection(
                        ProblemCode.RESOLUTION_TIMEOUT,
                        "The search was not over within "
                                + config.maxTime().toMillis()
                                + " ms, the wait for its turn included (resolve.max_time); try again in "
                                + RETRY_SECONDS
                                + " seconds, or ask for fewer plugins or narrower ranges")
                .with("Retry-After", RETRY_SECONDS);
    }

    @Override
    public void close() {
        closed = true;
        threads.shutdown();
    }
}
