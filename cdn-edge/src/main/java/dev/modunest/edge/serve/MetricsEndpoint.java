package dev.modunest.edge.serve;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.telemetry.Exposition;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

import java.util.concurrent.Executor;

/** The metrics in the text exposition format. */
public final class MetricsEndpoint {

    private final EdgeMetrics metrics;
    private final Executor blocking;

    public MetricsEndpoint(EdgeMetrics metrics, Executor blocking) {
        this.metrics = metrics;
        this.blocking = blocking;
    }

    public void handle(Exchange x) {
        Exposition format = Exposition.accepting(x.request().getHeader("Accept"));
        Promise<String> scraped = Promise.promise();
        blocking.execute(() -> scraped.complete(metrics.scrape(format)));
        x.on(
                scraped.future(),
                text -> {
                    if (!x.isGone()) {
                        x.response()
                                .putHeader("Content-Type", format.contentType())
                                .putHeader("Cache-Control", "no-store")
                                .putHeader("Vary", "Accept");
                        x.end(Buffer.buffer(text.result()));
                    }
                });
    }
}
