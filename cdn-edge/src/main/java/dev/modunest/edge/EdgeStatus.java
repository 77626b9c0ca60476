package dev.modunest.edge;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginState;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an operator wants to see first.
 *
 * @param state serving, standby, draining or drained
 */
record EdgeStatus(
        EdgeMode mode,
        Supplier<String> state,
        SettingsInForce settings,
        Origin origin,
        EdgeMetrics metrics,
        Instant startedAt,
        InstantSource clock) {

    /** Takes milliseconds, so not for an event loop. */
    JsonObject read() {
        JsonObject values = new JsonObject();
        settings.describe().forEach(values::put);
        return new JsonObject()
                .put("version", version())
                .put("mode", mode.name().toLowerCase(Locale.ROOT))
                .put("state", state.get())
                .put("started_at", startedAt.toString())
                .put("uptime_seconds", Duration.between(startedAt, clock.instant()).toSeconds())
                .put("connections", metrics.connections())
                .put("tiers", tiers())
                .put("fills_running", metrics.fillsRunning())
                .put("prefetches_waiting", metrics.prefetchesWaiting())
                .put("origins", origins())
                .put("settings", values)
                .put("need_restart", new JsonArray(settings.needRestart()));
    }

    /** Of the jar; classes that are in none have no version. */
    private static String version() {
        return Optional.ofNullable(EdgeStatus.class.getPackage().getImplementationVersion())
                .orElse("unpackaged");
    }

    private JsonObject tiers() {
        JsonObject tiers = new JsonObject();
        metrics.tiers()
                .forEach(
                        tier ->
                                tiers.put(
                                        tier.tier(),
                                        new JsonObject()
                                                .put("bytes", tier.bytes())
                                                .put("objects", tier.objects())));
        return tiers;
    }

    private JsonObject origins() {
        List<OriginState> states = origin.states();
        return new JsonObject()
                .put("known", states.size())
                .put("asked", states.stream().filter(OriginState::isAsked).count())
                .put("load", states.stream().mapToInt(OriginState::load).sum());
    }
}
