package dev.modunest.edge.serve;

import dev.modunest.edge.metrics.EdgeMetrics;

import io.prometheus.client.exporter.common.TextFormat;
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
        Promise<String> scraped = Promise.promise();
        blocking.execute(() -> scraped.complete(metrics.scrape()));
        x.on(
                scraped.future(),
                text -> {
                    if (!x.isGone()) {
                        x.response().putHeader("Content-Type", TextFormat.CONTENT_TYPE_004);
                        x.end(Buffer.buffer(text.result()));
                    }
                });
    }
}
