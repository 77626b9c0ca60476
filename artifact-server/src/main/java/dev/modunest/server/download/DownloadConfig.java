package dev.modunest.server.download;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Bounds on downloads. Each download holds {@code buffer} in memory and one connection to the
 * storage.
 *
 * @param buffer bytes passed on at a time
 * @param maxConcurrent most bodies sent at once
 * @param maxWaiting most downloads that wait for their turn
 * @param maxWait longest wait for a turn
 * @param cachedEntries most artifacts whose size and digest are remembered, by digest and by name
 * @param serveWithoutIndex how long what is remembered is served after the last word from Postgres,
 *     and so how long a quarantine may be missed; 0: not at all
 * @param memoryPercent of the heap, for artifacts that are asked for again and again; 0: none
 */
public record DownloadConfig(
        @Default("64KiB") ByteSize buffer,
        @Default("200") int maxConcurrent,
        @Default("1000") int maxWaiting,
        @Default("10s") Duration maxWait,
        @Default("100000") int cachedEntries,
        @Default("10m") Duration serveWithoutIndex,
        @Default("10") int memoryPercent) {

    private static final Duration MOST_WITHOUT_INDEX = Duration.ofDays(30);

    public DownloadConfig {
        if (buffer.bytes() < 4 << 10 || buffer.bytes() > 4 << 20) {
            throw new IllegalArgumentException("buffer is 4KiB to 4MiB, not " + buffer);
        }
        if (maxConcurrent < 1 || maxWaiting < 0 || cachedEntries < 0) {
            throw new IllegalArgumentException(
                    "max_concurrent is at least 1, max_waiting and cached_entries at least 0");
        }
        if (memoryPercent < 0 || memoryPercent > 80) {
            throw new IllegalArgumentException("memory_percent is 0 to 80, not " + memoryPercent);
        }
        if (serveWithoutIndex.isNegative() || serveWithoutIndex.compareTo(MOST_WITHOUT_INDEX) > 0) {
            throw new IllegalArgumentException(
                    "serve_without_index is 0s to 30d, not " + serveWithoutIndex);
        }
    }

    long memoryBytes() {
        return Runtime.getRuntime().maxMemory() / 100 * memoryPercent;
    }
}
