package dev.modunest.load;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/**
 * What a simulation that publishes does.
 *
 * @param registry {@code registry}: the base of the URLs
 * @param tokens of {@code token-file}, dealt to the publishers in turn
 * @param duration {@code duration}: in whole seconds
 * @param size {@code size} of a plugin in bytes
 * @param run {@code run}: part of the names of all plugins, another in each run
 * @param targets {@code p50}, {@code p95}, {@code p99}, {@code max}
 */
record PublisherOptions(
        URI registry,
        List<String> tokens,
        Duration duration,
        int size,
        String run,
        Targets targets) {

    static PublisherOptions read(OptionReader reader, InstantSource clock, int duration, int size) {
        return new PublisherOptions(
                reader.url("registry", "http://127.0.0.1:8080"),
                reader.tokens(),
                reader.seconds("duration", duration),
                reader.integer("size", size, 1024, 64 << 20),
                reader.run(clock),
                reader.targets(""));
    }

    String token(int publisher) {
        return tokens.get(publisher % tokens.size());
    }

    /** A namespace belongs to one account, so each token has its own. */
    String namespace(int publisher) {
        return "load-" + run + "-" + publisher % tokens.size();
    }
}
