package dev.modunest.edge.origin;

import dev.modunest.settings.Default;

import java.time.Duration;

/**
 * Asking origin servers whether they are there.
 *
 * @param path asked by HEAD; every answer below 500 is a good one
 * @param interval from one probe of a server to the next
 * @param timeout of a probe, its connection included
 * @param rise good probes, one after the other, that bring a server back
 * @param fall bad ones that take it out
 */
public record ProbeSettings(
        @Default("/health/live") String path,
        @Default("5s") Duration interval,
        @Default("2s") Duration timeout,
        @Default("2") int rise,
        @Default("3") int fall) {

    public ProbeSettings {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("path is '" + path + "': it begins with a slash");
        }
        if (interval.toMillis() < 1 || interval.toDays() > 1) {
            throw new IllegalArgumentException("interval is 1ms to 1d");
        }
        if (timeout.toMillis() < 1 || timeout.toHours() > 1) {
            throw new IllegalArgumentException("timeout is 1ms to 1h");
        }
        if (rise < 1 || fall < 1) {
            throw new IllegalArgumentException("rise and fall are above zero");
        }
    }
}
