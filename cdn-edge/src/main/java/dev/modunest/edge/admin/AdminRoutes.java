package dev.modunest.edge.admin;

/** The whole surface of the administration; everything needs the token. */
public record AdminRoutes(
        OriginsEndpoint origins,
        PurgeEndpoint purge,
        PrefetchEndpoint prefetch,
        ProcessEndpoint process) {

    private static final String ORIGIN = "/-/origins/";
    private static final String PREFETCH = "/-/prefetch/";

    void handle(AdminExchange x) {
        String method = x.method().name();
        switch (x.path()) {
            case "/-/origins" -> only(x, "GET", () -> origins.list(x));
            case "/-/status" -> only(x, "GET", () -> process.status(x));
            case "/-/reload" -> only(x, "POST", () -> process.reload(x));
            case "/-/drain" -> only(x, "POST", () -> process.drain(x));
            case "/-/purge" -> only(x, "POST", () -> purge.purge(x));
            case "/-/prefetch" -> only(x, "POST", () -> prefetch.submit(x));
            case String path when path.startsWith(PREFETCH) ->
                    only(x, "GET", () -> prefetch.tell(x, path.substring(PREFETCH.length())));
            case String path when path.startsWith(ORIGIN) -> {
                String id = path.substring(ORIGIN.length());
                switch (method) {
                    case "PUT" -> origins.register(x, id);
                    case "DELETE" -> origins.remove(x, id);
                    default -> x.methodNotAllowed("PUT, DELETE");
                }
            }
            default ->
                    x.problem(
                            404,
                            "route-unknown",
                            "There is no such resource",
                            "The administration has GET /-/status, POST /-/reload, /-/drain, /-/purge"
                                    + " and /-/prefetch, GET /-/prefetch/{id}, GET /-/origins, PUT"
                                    + " and DELETE /-/origins/{id}.");
        }
    }

    private static void only(AdminExchange x, String method, Runnable endpoint) {
        if (x.method().name().equals(method)) {
            endpoint.run();
        } else {
            x.methodNotAllowed(method);
        }
    }
}
