package dev.modunest.edge.serve;

import io.vertx.core.buffer.Buffer;

/**
 * Answers while another edge still owns the directory of the disk tier: everything is passed to the
 * origin, nothing is cached.
 */
public final class StandbyEndpoint {

    private final ProxyEndpoint proxy;
    private final MetricsEndpoint metrics;

    public StandbyEndpoint(ProxyEndpoint proxy, MetricsEndpoint metrics) {
        this.proxy = proxy;
        this.metrics = metrics;
    }

    public void handle(Exchange x) {
        switch (x.target().path()) {
            case "/health/live" -> health(x, "{\"status\":\"up\"}");
            case "/health/started" -> health(x, "{\"status\":\"started\"}");
            case "/health/ready" ->
                    health(
                            x,
                            "{\"status\":\"degraded\",\"disk\":\"owned by an edge that is ending\"}");
            case "/metrics" -> metrics.handle(x.routed(Route.METRICS));
            default -> proxy.forward(x.routed(Route.PROXY), CacheStatus.BYPASS);
        }
    }

    private static void health(Exchange x, String body) {
        x.routed(Route.HEALTH);
        x.response()
                .putHeader("Content-Type", "application/json")
                .putHeader("Cache-Control", "no-store");
        x.end(Buffer.buffer(body));
    }
}
