package dev.modunest.edge;

import dev.modunest.edge.serve.ArtifactEndpoint;
import dev.modunest.edge.serve.ArtifactPath;
import dev.modunest.edge.serve.CacheStatus;
import dev.modunest.edge.serve.DocumentEndpoint;
import dev.modunest.edge.serve.Exchange;
import dev.modunest.edge.serve.HealthEndpoint;
import dev.modunest.edge.serve.MetricsEndpoint;
import dev.modunest.edge.serve.ProxyEndpoint;
import dev.modunest.edge.serve.Route;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The whole surface of the edge. */
record EdgeRoutes(
        ArtifactEndpoint artifacts,
        DocumentEndpoint documents,
        ProxyEndpoint proxy,
        HealthEndpoint health,
        MetricsEndpoint metrics) {

    private static final List<String> DOCUMENTS =
            List.of("/index/", "/api/", "/log/", "/tuf/", "/pki/", "/attest/");

    private static final String EVENTS = "/api/v1/events";
    private static final String PUBLISHES = "/api/v1/publishes/";

    void handle(Exchange x) {
        String path = x.request().path();
        switch (path) {
            case "/health/live" -> own(x, Route.HEALTH, health::live);
            case "/health/ready" -> own(x, Route.HEALTH, health::ready);
            case "/metrics" -> own(x, Route.METRICS, metrics::handle);
            case null -> malformed(x);
            default -> {
                if (path.startsWith("/health/")) {
                    unknown(x);
                } else if (path.startsWith("/")) {
                    origins(x, path);
                } else {
                    malformed(x);
                }
            }
        }
    }

    /** What the origin answers, cached as far as it may be. */
    private void origins(Exchange x, String path) {
        Optional<ArtifactPath> artifact = ArtifactPath.parse(path);
        boolean document = DOCUMENTS.stream().anyMatch(path::startsWith) || isBesideAJar(path);
        if (!x.reads()) {
            proxy.forward(x.routed(Route.PROXY), CacheStatus.METHOD);
        } else if (isStream(x, path)) {
            proxy.stream(x.routed(Route.PROXY));
        } else if (x.hasBody()) {
            proxy.forward(x.routed(Route.PROXY), CacheStatus.BYPASS);
        } else if (artifact.isPresent()) {
            artifacts.handle(x.routed(Route.ARTIFACT), artifact.get());
        } else if (document && !x.hasCredentials()) {
            documents.handle(x.routed(Route.DOCUMENT));
        } else {
            proxy.forward(x.routed(Route.PROXY), CacheStatus.BYPASS);
        }
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
    private static boolean isStream(Exchange x, String path) {
        if (path.equals(EVENTS)) {
            return true;
        }
        String accept = x.request().getHeader("Accept");
        return path.startsWith(PUBLISHES)
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
                "The edge has /health/live and /health/ready here.");
    }

    private static void malformed(Exchange x) {
        x.problem(
                400,
                "bad-request",
                "The request cannot be understood",
                "The request target must be a path that begins with a slash.");
    }
}
