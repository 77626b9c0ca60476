package dev.modunest.server.publish;

import dev.modunest.db.Database;
import dev.modunest.format.resolve.ReleaseSource;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.auth.Authenticator;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.serial.SerialLog;

import io.helidon.webserver.http.Handler;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Wires what publishes. */
public final class Publishing {

    private final PublishEndpoint endpoint;

    public Publishing(
            UploadConfig config,
            UploadConfig.Archive archive,
            ArtifactStore store,
            Database database,
            Authenticator authenticator,
            Mutations mutations,
            NamesConfig names,
            ReleaseSource releases,
            SerialLog serials,
            Metrics metrics,
            InstantSource clock) {
        Admission admission =
                new Admission(
                        "publishes", config.maxConcurrent(), config.maxWaiting(), config.maxWait());
        metrics.gauge(
                "modunest_publish_admission",
                "Publishes under way and waiting.",
                "state",
                () -> admission,
                Map.<String, ToDoubleFunction<Admission>>of(
                        "running", Admission::inUse, "waiting", Admission::waiting));
        this.endpoint =
                new PublishEndpoint(
                        authenticator,
                        new PublishService(
                                store,
                                new PublishRules(
                                        database,
                                        releases,
                                        new NamePolicy(names, database),
                                        config),
                                config,
                                archive.limits(),
                                mutations,
                                serials,
                                metrics,
                                clock),
                        mutations,
                        admission,
                        metrics);
    }

    /** {@code PUT /api/v1/plugins/{namespace}/{name}/{version}}. */
    public Handler put() {
        return endpoint::put;
    }
}
