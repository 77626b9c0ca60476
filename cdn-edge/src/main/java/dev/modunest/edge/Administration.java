package dev.modunest.edge;

import dev.modunest.edge.admin.AdminListener;
import dev.modunest.edge.admin.AdminRoutes;
import dev.modunest.edge.admin.AdminWork;
import dev.modunest.edge.admin.OriginsEndpoint;
import dev.modunest.edge.admin.PrefetchEndpoint;
import dev.modunest.edge.admin.ProcessEndpoint;
import dev.modunest.edge.admin.PurgeEndpoint;
import dev.modunest.edge.admin.Reloaded;
import dev.modunest.edge.discovery.RegisteredOrigins;
import dev.modunest.edge.origin.Origin;
import dev.modunest.settings.Secret;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Puts together the administration.
 *
 * @param cache empty while another edge owns the directory of the tiers
 * @param reload reads the settings again
 * @param drain begins to drain, once
 */
record Administration(
        EdgeConfig config,
        Vertx vertx,
        Origin origin,
        Supplier<Optional<OpenCache>> cache,
        EdgeStatus status,
        Supplier<Reloaded> reload,
        Runnable drain,
        Executor blocking) {

    private static final long EXPIRY_MILLIS = 1000;

    /** Opens its port, and gives it. */
    Future<Integer> listen(Secret token) {
        RegisteredOrigins registered =
                new RegisteredOrigins(
                        status.clock(),
                        config.admin().maxRegistered(),
                        addresses -> origin.replace(RegisteredOrigins.SOURCE, addresses));
        vertx.setPeriodic(EXPIRY_MILLIS, _ -> registered.expire());
        AdminWork work = new AdminWork(blocking, config.admin().maxTasks());
        AdminRoutes routes =
                new AdminRoutes(
                        new OriginsEndpoint(origin, registered, config.admin()),
                        new PurgeEndpoint(
                                () -> cache.get().map(OpenCache::purge), work, config.admin()),
                        new PrefetchEndpoint(
                                () -> cache.get().map(OpenCache::prefetches), work, config.admin()),
                        new ProcessEndpoint(status::read, reload, drain, work));
        return new AdminListener(config.admin(), token, routes).listen(vertx);
    }
}
