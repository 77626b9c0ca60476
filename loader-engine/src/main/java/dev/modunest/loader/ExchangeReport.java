package dev.modunest.loader;

import dev.modunest.format.Coordinate;

import java.time.Duration;
import java.util.List;

/**
 * What a reload, an unload or a new generation did. It is done as a whole or not at all.
 *
 * @param result how it ended
 * @param former what ran and was to go, in the order of its start
 * @param plugins the outcomes of what was to come
 * @param hookFailures what hooks around stop, unload and reload threw, one line each
 * @param wall from the call to the end
 * @param pause how long calls to the exchanged plugins waited
 */
public record ExchangeReport(
        Result result,
        List<Coordinate> former,
        List<PluginReport> plugins,
        List<String> hookFailures,
        Duration wall,
        Duration pause) {

    public ExchangeReport {
        former = List.copyOf(former);
        plugins = List.copyOf(plugins);
        hookFailures = List.copyOf(hookFailures);
    }

    /** How an exchange ended. */
    public sealed interface Result {

        /** What was to come runs. */
        record Done() implements Result {}

        /**
         * The former plugins run on, with their state.
         *
         * @param code stable, kebab-case, listed in {@code docs/loader/reload.md}
         * @param reason one sentence
         */
        record RolledBack(String code, String reason) implements Result {}
    }

    public boolean done() {
        return result instanceof Result.Done;
    }
}
