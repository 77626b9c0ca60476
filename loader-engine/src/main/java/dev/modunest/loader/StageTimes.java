package dev.modunest.loader;

import java.time.Duration;

/**
 * Where the time of one plugin went, in the order in which it went.
 *
 * @param begin from the beginning of the load to that of the work on this plugin
 * @param fetch from a permit of the network to the bytes on disk; near zero from the cache
 * @param verify digest, inspection and trust
 * @param waiting for dependencies and for permits
 * @param define the class loader, without the classes that are loaded as they are used
 * @param start entry point and {@link Plugin#start}
 */
public record StageTimes(
        Duration begin,
        Duration fetch,
        Duration verify,
        Duration waiting,
        Duration define,
        Duration start) {

    public static final StageTimes ZERO =
            new StageTimes(
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO,
                    Duration.ZERO);

    /** The work of this plugin, without waiting. */
    public Duration work() {
        return fetch.plus(verify).plus(define).plus(start);
    }
}
