package dev.modunest.edge;

import dev.modunest.edge.origin.CdnLoop;
import dev.modunest.edge.serve.ArtifactEndpoint;
import dev.modunest.edge.serve.ArtifactPath;
import dev.modunest.edge.serve.CacheStatus;
import dev.modunest.edge.serve.ChangeEndpoint;
import dev.modunest.edge.serve.Exchange;
import dev.modunest.edge.serve.HealthEndpoint;
import dev.modunest.edge.serve.MetricsEndpoint;
import dev.modunest.edge.serve.ProxyEndpoint;
import dev.modunest.edge.serve.ResponseEndpoint;
import dev.modunest.edge.serve.Route;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The whole surface of the edge. */
record EdgeRoutes(
        EdgeMode mode,
        ArtifactEndpoint artifacts,
        ResponseEndpoint responses,
        ChangeEndpoint changes,
        ProxyEndpoint proxy,
        CdnLoop loop,
        HealthEndpoint health,
        MetricsEndpoint metrics) {

    private static final List<String> DOCUMENTS =
            List.of("/index/", "/api/", "/log/", "/tuf/", "/pki/", "/attest/");

    private static final String EVENTS = "/api/v1/events";
    private static final String PUBLISHES = "/api/v1/publishes/";

    void handle(Exchange x) {
        String path = x.target().path();
        switch (path) {
            case "/health/live" -> own(x, Route.HEALTH, health::live);
            case "/health/ready" -> own(x, Route.HEALTH, health::ready);
            case "/health/started" -> own(x, Route.HEALTH, health::started);
            case "/metrics" -> own(x, Route.METRICS, metrics::handle);
            default -> {
                if (path.startsWith("/health/")) {
                    unknown(x);
                } else {
                    origins(x, path);
                }
            }
        }
    }

    /** What the origin answers, cached as far as it may be. */
    private void origins(Exchange x, String path) {
        boolean registry = mode == EdgeMode.REGISTRY;
        Optional<ArtifactPath> artifact = registry ? ArtifactPath.parse(path) : Optional.empty();
        boolean document = registry ? !x.hasCredentials() && isDocument(path) : true;
        if (loop.isIn(x.request().headers())) {
            looped(x.routed(Route.PROXY));
        } else if (!x.reads()) {
            changes.handle(x.routed(Route.PROXY));
        } else if (isStream(x, path)) {
            proxy.stream(x.routed(Route.PROXY));
        } else if (x.hasBody()) {
            proxy.forward(x.routed(Route.PROXY), CacheStatus.BYPASS);
        } else if (artifact.isPresent()) {
            artifacts.handle(x.routed(Route.ARTIFACT), artifact.get());
        } else if (document) {
            responses.handle(x.routed(Route.DOCUMENT));
        } else {
            proxy.forward(x.routed(Route.PROXY), CacheStatus.BYPASS);
        }
    }

    /** Whether what a registry has at {@code path}, which is no artifact, may be cached. */
    static boolean isDocument(String path) {
        return DOCUMENTS.stream().anyMatch(path::startsWith) || isBesideAJar(path);
    }

    /** Signatures and proofs. */
    private static boolean isBesideAJar(String path) {
        return path.startsWith(ArtifactPath.PREFIX)
                && (path.endsWith(".jar.sigstore.json")
                        || path.endsWith(".jar.vsa.sigstore.json")
                        || path.endsWith(".jar.provenance.sigstore.json")
                        || path.endsWith(".jar.second.sigstore.json")
                        || path.endsWith(".jar.tlog-proof"));
    }

    /** What does not end, so that there is nothing to cache. */
    private boolean isStream(Exchange x, String path) {
        if (mode == EdgeMode.REGISTRY && path.equals(EVENTS)) {
            return true;
        }
        String accept = x.request().getHeader("Accept");
        return (mode == EdgeMode.ANY_ORIGIN || path.startsWith(PUBLISHES))
                && accept != null
                && accept.contains(ProxyEndpoint.EVENT_STREAM);
    }

    /** The edge's own resources, which are only read. */
    private static void own(Exchange x, Route route, Consumer<Exchange> endpoint) {
        x.routed(route);
        if (x.reads()) {
            endpoint.accept(x);
            return;
        }
        x.response().putHeader("Allow", "GET, HEAD");
        x.problem(
                405,
                "method-not-allowed",
                "The resource does not take this method",
                x.request().method() + " is not allowed here; use GET or HEAD.");
    }

    private static void unknown(Exchange x) {
        x.problem(
                404,
                "route-unknown",
                "There is no such resource",
                "The edge has /health/live, /health/ready and /health/started here.");
    }

    /** RFC 8586 2: it would come back for ever. */
    private void looped(Exchange x) {
        x.problem(
                508,
                "loop-detected",
                "The request has been here before",
                "Its CDN-Loop names this edge, "
                        + loop.id()
                        + ": the origin of an edge on its way leads back here. Correct that edge's"
                        + " origins, or give edges that are not the same different cdn_id.");
    }
}
