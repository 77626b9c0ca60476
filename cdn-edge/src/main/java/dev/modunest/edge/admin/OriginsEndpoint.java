package dev.modunest.edge.admin;

import dev.modunest.edge.discovery.RegisteredOrigins;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginAddress;
import dev.modunest.edge.origin.OriginState;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.time.Duration;
import java.util.regex.Pattern;

/** The origin servers: what is known of each, and the announcements of those that come and go. */
public final class OriginsEndpoint {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");

    private final Origin origin;
    private final RegisteredOrigins registered;
    private final AdminSettings settings;

    public OriginsEndpoint(Origin origin, RegisteredOrigins registered, AdminSettings settings) {
        this.origin = origin;
        this.registered = registered;
        this.settings = settings;
    }

    void list(AdminExchange x) {
        JsonArray announced = new JsonArray();
        registered
                .all()
                .forEach(
                        each ->
                                announced.add(
                                        new JsonObject()
                                                .put("id", each.id())
                                                .put("uri", each.address().uri().toString())
                                                .put("expires_at", each.expiresAt().toString())));
        JsonArray servers = new JsonArray();
        origin.states().forEach(state -> servers.add(json(state)));
        x.json(200, new JsonObject().put("origins", servers).put("registered", announced));
    }

    private static JsonObject json(OriginState state) {
        JsonObject json =
                new JsonObject()
                        .put("origin", state.id())
                        .put("uri", state.uri().toString())
                        .put("sources", new JsonArray(state.sources()))
                        .put("up", state.up())
                        .put("breaker", state.breaker())
                        .put("load", state.load())
                        .put("latency_millis", state.latency().toNanos() / 1e6)
                        .put("answered", state.answered())
                        .put("failed", state.failed());
        state.lastFailure().ifPresent(why -> json.put("last_failure", why));
        return json;
    }

    void register(AdminExchange x, String id) {
        if (!ID.matcher(id).matches()) {
            x.badRequest("An id has a-z, 0-9, dots and hyphens, 64 characters at most.");
            return;
        }
        x.readJson(body -> register(x, id, body));
    }

    private void register(AdminExchange x, String id, JsonObject body) {
        if (!(body.getValue("uri") instanceof String uri)
                || !(body.getValue("ttl_seconds") instanceof Integer seconds)) {
            x.badRequest("Write {\"uri\": \"http://host:port\", \"ttl_seconds\": 30}.");
            return;
        }
        Duration ttl = Duration.ofSeconds(seconds);
        if (seconds < 1 || ttl.compareTo(settings.maxTtl()) > 0) {
            x.badRequest(
                    "ttl_seconds is 1 to "
                            + settings.maxTtl().toSeconds()
                            + " (admin.max_ttl), not "
                            + seconds
                            + ".");
            return;
        }
        OriginAddress address;
        try {
            address = new OriginAddress(URI.create(uri));
        } catch (IllegalArgumentException malformed) {
            x.badRequest(malformed.getMessage() + ".");
            return;
        }
        switch (registered.register(id, address, ttl)) {
            case ADDED -> x.json(201, announced(id, address, ttl));
            case RENEWED -> x.json(200, announced(id, address, ttl));
            case FULL ->
                    x.problem(
                            409,
                            "too-many-origins",
                            "No more origin servers can announce themselves",
                            settings.maxRegistered()
                                    + " have, which is admin.max_registered; raise it, or remove"
                                    + " one with DELETE /-/origins/{id}.");
        }
    }

    private static JsonObject announced(String id, OriginAddress address, Duration ttl) {
        return new JsonObject()
                .put("id", id)
                .put("uri", address.uri().toString())
                .put("ttl_seconds", ttl.toSeconds());
    }

    void remove(AdminExchange x, String id) {
        if (registered.remove(id)) {
            x.noContent();
        } else {
            x.problem(
                    404,
                    "origin-unknown",
                    "No such origin server has announced itself",
                    "GET /-/origins lists those that have.");
        }
    }
}
