package dev.modunest.edge.origin;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one origin server.
 *
 * @param id {@code host:port}
 * @param sources who named it: {@code static}, {@code dns}, {@code kubernetes}, {@code registered}
 * @param up what the probes say
 * @param breaker {@code closed}, {@code open} or {@code half-open}
 * @param load requests under way
 * @param latency of the heads of its responses, a moving mean
 * @param lastFailure why it did not answer when it last did not
 */
public record OriginState(
        String id,
        URI uri,
        List<String> sources,
        boolean up,
        String breaker,
        int load,
        Duration latency,
        long answered,
        long failed,
        Optional<String> lastFailure) {

    /** Whether requests go there now. */
    public boolean isAsked() {
        return up && !breaker.equals("open");
    }
}
