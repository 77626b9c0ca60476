package dev.modunest.edge.log;

import dev.modunest.settings.Default;

/**
 * The log of requests.
 *
 * @param hitsPerLine of the requests answered from the cache, one of so many is written; all others
 *     are
 * @param queueSize lines that wait to be written; more are dropped and counted
 */
public record AccessLogSettings(
        @Default("false") boolean enabled,
        @Default("1") int hitsPerLine,
        @Default("8192") int queueSize) {

    public AccessLogSettings {
        if (hitsPerLine < 1 || queueSize < 1) {
            throw new IllegalArgumentException("hits_per_line and queue_size must be above zero");
        }
    }
}
