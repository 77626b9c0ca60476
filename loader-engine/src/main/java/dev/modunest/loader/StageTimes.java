package dev.modunest.loader;

import java.time.Duration;

/**
 * Where the time of one plugin went.
 *
 * @param fetch from the permit to the bytes on disk; near zero from the cache
 * @param verify digest and inspection
 * @param waiting for dependencies and for permits
 * @param start class loader, entry point and {@link Plugin#start}
 */
public record StageTimes(Duration fetch, Duration verify, Duration waiting, Duration start) {

    public static final StageTimes ZERO =
            new StageTimes(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    /** The work of this plugin, without waiting. */
    public Duration work() {
        return fetch.plus(verify).plus(start);
    }
}
