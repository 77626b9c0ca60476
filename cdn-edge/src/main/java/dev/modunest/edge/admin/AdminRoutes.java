package dev.modunest.edge.admin;

/** The whole surface of the administration; everything needs the token. */
public record AdminRoutes(OriginsEndpoint origins) {

    private static final String ORIGINS = "/-/origins";

    void handle(AdminExchange x) {
        String path = x.path();
        if (path.equals(ORIGINS)) {
            switch (x.method().name()) {
                case "GET" -> origins.list(x);
                default -> x.methodNotAllowed("GET");
            }
        } else if (path.startsWith(ORIGINS + "/")) {
            String id = path.substring(ORIGINS.length() + 1);
            switch (x.method().name()) {
                case "PUT" -> origins.register(x, id);
                case "DELETE" -> origins.remove(x, id);
                default -> x.methodNotAllowed("PUT, DELETE");
            }
        } else {
            x.problem(
                    404,
                    "route-unknown",
                    "There is no such resource",
                    "The administration has GET /-/origins, PUT and DELETE /-/origins/{id}.");
        }
    }
}
