package dev.modunest.edge.admin;

import dev.modunest.settings.Secret;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.TimeUnit;

/** Serves the administration to whoever shows the token. */
public final class AdminListener {

    private static final Logger LOG = LoggerFactory.getLogger(AdminListener.class);
    private static final String SCHEME = "Bearer ";

    private final AdminSettings settings;
    private final AdminRoutes routes;
    private final byte[] token;

    public AdminListener(AdminSettings settings, Secret token, AdminRoutes routes) {
        this.settings = settings;
        this.routes = routes;
        this.token = token.value().getBytes(StandardCharsets.UTF_8);
    }

    /** Listens; gives the port. */
    public Future<Integer> listen(Vertx vertx) {
        return vertx.createHttpServer(
                        new HttpServerOptions()
                                .setTcpNoDelay(true)
                                .setIdleTimeout((int) settings.idleTimeout().toMillis())
                                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                                .setHttp2ClearTextEnabled(false))
                .requestHandler(this::handle)
                .listen(settings.port(), settings.address())
                .map(HttpServer::actualPort);
    }

    private void handle(HttpServerRequest request) {
        AdminExchange x = new AdminExchange(request);
        if (!isAuthorized(request.getHeader("Authorization"))) {
            request.response().putHeader("WWW-Authenticate", "Bearer");
            x.problem(
                    401,
                    "unauthorized",
                    "The administration needs its token",
                    "Send Authorization: Bearer with admin.token.");
            return;
        }
        try {
            routes.handle(x);
        } catch (RuntimeException bug) {
            LOG.error("request {} failed: {}", x.requestId(), x.path(), bug);
            x.problem(
                    500,
                    "internal-error",
                    "The edge failed",
                    "This is a defect of the edge; its log has the reason under the request id.");
        }
    }

    /** In a time that does not tell how much of the token is right. */
    private boolean isAuthorized(@Nullable String header) {
        return header != null
                && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8),
                        token);
    }
}
