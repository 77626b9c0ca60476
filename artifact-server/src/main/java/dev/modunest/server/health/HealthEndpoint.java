package dev.modunest.server.health;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Database;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.problem.Answers;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;

/** {@code GET /health/live} and {@code GET /health/ready}. */
public final class HealthEndpoint implements AutoCloseable {

    private final Dependency database;
    private final Dependency storage;
    private final Jobs jobs;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock oneAtATime = new ReentrantLock();

    public HealthEndpoint(
            HealthConfig config,
            Database database,
            ArtifactStore store,
            Jobs jobs,
            InstantSource clock) {
        this.database = new Dependency("database", database::ping, config.timeout(), clock);
        this.storage = new Dependency("storage", store::ping, config.timeout(), clock);
        this.jobs = jobs;
    }

    /** The process answers. */
    public void live(ServerRequest request, ServerResponse response) {
        send(request, response, JsonNodeFactory.instance.objectNode().put("status", "live"));
    }

    /** The process can do its work: index and storage answer, and no job has stopped. */
    public void ready(ServerRequest request, ServerResponse response) {
        oneAtATime.lock();
        try {
            long begun = System.nanoTime();
            Future<?> databaseAnswer = database.begin(threads);
            Future<?> storageAnswer = storage.begin(threads);
            Dependency.State databaseState = database.await(databaseAnswer, begun);
            Dependency.State storageState = storage.await(storageAnswer, begun);
            boolean ready = databaseState.error().isEmpty() && storageState.error().isEmpty();
            JobsDocument done = JobsDocument.of(jobs.all());
            ObjectNode document = JsonNodeFactory.instance.objectNode();
            document.put("status", status(ready, done.late()));
            document.putObject("dependencies")
                    .<ObjectNode>set("database", database.document(databaseState))
                    .set("storage", storage.document(storageState));
            document.set("jobs", done.json());
            response.status(ready ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
            send(request, response, document);
        } finally {
            oneAtATime.unlock();
        }
    }

    /** A late job is no reason to send requests elsewhere, and one to look after the server. */
    private static String status(boolean ready, boolean late) {
        if (!ready) {
            return "not-ready";
        }
        return late ? "degraded" : "ready";
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
