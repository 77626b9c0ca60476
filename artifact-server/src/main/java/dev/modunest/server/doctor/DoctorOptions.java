package dev.modunest.server.doctor;

import java.time.Duration;
import java.util.Optional;

/**
 * What is examined and how.
 *
 * @param bytes read and hash every artifact
 * @param concurrency most objects looked at at the same time
 * @param settle an object younger than this may belong to a publish that has not committed yet
 * @param stagingAge an upload older than this is abandoned
 * @param removeOrphans remove orphans of at least this age
 */
public record DoctorOptions(
        boolean bytes,
        int concurrency,
        Duration settle,
        Duration stagingAge,
        Optional<Duration> removeOrphans) {

    public DoctorOptions {
        if (concurrency < 1 || concurrency > 64) {
            throw new IllegalArgumentException("concurrency is 1 to 64, not " + concurrency);
        }
    }
}
