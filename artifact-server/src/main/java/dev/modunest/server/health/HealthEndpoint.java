package dev.modunest.server.health;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Database;
import dev.modunest.db.ReplicaStatistics;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.problem.Answers;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;

/** {@code GET /health/live}, {@code /health/started} and {@code /health/ready}. */
public final class HealthEndpoint implements AutoCloseable {

    private final Dependency primary;
    private final Dependency storage;
    private final Database database;
    private final Jobs jobs;
    private final Instant started;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private volatile boolean leaving;

    public HealthEndpoint(
            HealthConfig config,
            Database database,
            ArtifactStore store,
            Jobs jobs,
            Metrics metrics,
            InstantSource clock) {
        this.primary = new Dependency("database", database::ping, config, clock);
        this.storage = new Dependency("storage", store::ping, config, clock);
        this.database = database;
        this.jobs = jobs;
        this.started = clock.instant();
        metrics.gauge(
                "modunest_dependency_up",
                "1 or 0 as the last question of /health/ready found it.",
                "dependency",
                () -> this,
                Map.<String, ToDoubleFunction<HealthEndpoint>>of(
                        "database", health -> health.primary.up(),
                        "storage", health -> health.storage.up()));
    }

    /** From now on the process is not ready: it is about to stop. */
    public void leave() {
        leaving = true;
    }

    public boolean isLeaving() {
        return leaving;
    }

    /** The process answers. */
    public void live(ServerRequest request, ServerResponse response) {
        send(request, response, JsonNodeFactory.instance.objectNode().put("status", "live"));
    }

    /** The process has started: before that it does not listen. */
    public void started(ServerRequest request, ServerResponse response) {
        send(
                request,
                response,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("status", "started")
                        .put("started_at", started.toString()));
    }

    /** The process can do its work: index and storage answer, and it is not about to stop. */
    public void ready(ServerRequest request, ServerResponse response) {
        oneAtATime.lock();
        try {
            long begun = System.nanoTime();
            Future<?> primaryAnswer = primary.begin(threads);
            Future<?> storageAnswer = storage.begin(threads);
            Dependency.State index = primary.await(primaryAnswer, begun);
            Dependency.State bucket = storage.await(storageAnswer, begun);
            List<ReplicaStatistics> replicas = database.replicaStatistics();
            JobsDocument done = JobsDocument.of(jobs.all());
            boolean up = index.error().isEmpty() && bucket.error().isEmpty();
            boolean impaired =
                    index.slow()
                            || bucket.slow()
                            || done.late()
                            || replicas.stream().anyMatch(replica -> !replica.serving());
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            document.put("status", status(up, impaired));
            ObjectNode dependencies = document.putObject("dependencies");
            dependencies.set("database", primary.document(index));
            dependencies.set("storage", storage.document(bucket));
            replicas.forEach(replica -> describe(replica, dependencies));
            document.set("jobs", done.json());
            response.status(up && !leaving ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
            send(request, response, document);
        } finally {
            oneAtATime.unlock();
        }
    }

    /**
     * A slow dependency, a replica behind and a late job are no reason to send requests elsewhere,
     * and one to look after the server.
     */
    private String status(boolean up, boolean impaired) {
        if (leaving) {
            return "draining";
        }
        if (!up) {
            return "not-ready";
        }
        return impaired ? "degraded" : "ready";
    }

    private static void describe(ReplicaStatistics replica, ObjectNode dependencies) {
        dependencies
                .putObject("replica " + replica.server())
                .put("status", replica.serving() ? "up" : "behind")
                .put("age_ms", replica.age().toMillis())
                .put("behind_bytes", replica.bytesBehind());
    }

    private static void send(ServerRequest request, ServerResponse response, ObjectNode document) {
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                document.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
