package dev.modunest.server;

import static dev.modunest.server.admission.LimitedAction.CHANGE;
import static dev.modunest.server.admission.LimitedAction.PUBLISH;
import static dev.modunest.server.admission.LimitedAction.RESOLVE;
import static dev.modunest.server.admission.LimitedAction.SEARCH;

import dev.modunest.server.admission.RateLimits;
import dev.modunest.server.audit.AuditEndpoint;
import dev.modunest.server.catalog.CatalogEndpoint;
import dev.modunest.server.catalog.IndexEndpoint;
import dev.modunest.server.download.DownloadEndpoint;
import dev.modunest.server.download.DownloadsEndpoint;
import dev.modunest.server.events.EventsEndpoint;
import dev.modunest.server.health.HealthEndpoint;
import dev.modunest.server.lifecycle.Lifecycle;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.publish.Publishing;
import dev.modunest.server.resolve.ResolveEndpoint;
import dev.modunest.server.serial.SerialHeaders;

import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The whole HTTP surface. */
final class Routes {

    private final Map<String, Map<String, Handler>> byPath = new LinkedHashMap<>();

    Routes(
            RateLimits limits,
            SerialHeaders serial,
            CatalogEndpoint catalog,
            Publishing publishing,
            ResolveEndpoint resolve,
            IndexEndpoint index,
            DownloadEndpoint download,
            EventsEndpoint events,
            DownloadsEndpoint downloads,
            Lifecycle lifecycle,
            AuditEndpoint audit,
            HealthEndpoint health,
            OperationsEndpoint operations) {
        get("/api/v1/plugins", limits.counting(SEARCH, serial.reading(catalog::search)));
        get("/api/v1/plugins/{namespace}/{name}", serial.reading(catalog::plugin));
        // Before the path of a release, which it would match too.
        get("/api/v1/plugins/{namespace}/{name}/downloads", serial.reading(downloads::plugin));
        get("/api/v1/plugins/{namespace}/{name}/{version}", serial.reading(catalog::release));
        put(
                "/api/v1/plugins/{namespace}/{name}/{version}",
                limits.counting(PUBLISH, publishing.put()));
        patch(
                "/api/v1/plugins/{namespace}/{name}/{version}",
                limits.counting(CHANGE, lifecycle::patch));
        delete(
                "/api/v1/plugins/{namespace}/{name}/{version}",
                limits.counting(CHANGE, lifecycle::delete));
        get("/api/v1/namespaces/{namespace}", lifecycle::namespace);
        patch("/api/v1/namespaces/{namespace}", limits.counting(CHANGE, lifecycle::verify));
        get("/api/v1/audit", audit::get);
        get("/api/v1/audit/export", audit::export);
        get("/api/v1/publishes", publishing.list());
        get("/api/v1/publishes/{id}", publishing.get());
        post("/api/v1/resolve", limits.counting(RESOLVE, serial.reading(resolve::post)));
        post("/api/v1/resolve/verify", limits.counting(RESOLVE, serial.reading(resolve::verify)));
        get("/api/v1/events", events::get);
        get("/index/{namespace}/{name}", serial.reading(index::get));
        get("/artifacts/sha256/{hex}", serial.reading(download::byDigest));
        get("/artifacts/{namespace}/{name}/{version}/{file}", serial.reading(download::byName));
        // Edges report with a token of their own, which is no account.
        post("/api/v1/downloads", downloads::report);
        get("/health/live", health::live);
        get("/health/ready", health::ready);
        get("/metrics", operations::metrics);
        get("/openapi.yaml", operations::openApi);
    }

    /** GET, and HEAD, which every endpoint answers without a body. */
    private void get(String path, Handler handler) {
        route("GET", path, handler);
        route("HEAD", path, handler);
    }

    private void put(String path, Handler handler) {
        route("PUT", path, handler);
    }

    private void post(String path, Handler handler) {
        route("POST", path, handler);
    }

    private void patch(String path, Handler handler) {
        route("PATCH", path, handler);
    }

    private void delete(String path, Handler handler) {
        route("DELETE", path, handler);
    }

    private void route(String method, String path, Handler handler) {
        byPath.computeIfAbsent(path, _ -> new TreeMap<>()).put(method, handler);
    }

    /** The methods of every path. */
    Map<String, List<String>> methodsByPath() {
        return byPath.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                entry -> List.copyOf(entry.getValue().keySet())));
    }

    void addTo(HttpRouting.Builder routing) {
        byPath.forEach(
                (path, handlers) -> {
                    handlers.forEach(
                            (method, handler) ->
                                    routing.route(Method.create(method), path, handler));
                    routing.any(
                            path,
                            (request, _) -> {
                                throw notAllowed(request.prologue().method().text(), handlers);
                            });
                });
    }

    private static Rejection notAllowed(String method, Map<String, Handler> handlers) {
        String allowed = String.join(", ", handlers.keySet());
        return new Rejection(
                        ProblemCode.METHOD_NOT_ALLOWED,
                        "This path knows " + allowed + ", not " + method + "; use one of those")
                .with("Allow", allowed);
    }
}
