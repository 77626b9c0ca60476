package dev.modunest.load;

import java.net.URI;
import java.time.Duration;

/**
 * What a {@link DownloadSimulation} does.
 *
 * @param edge {@code edge}: the base of the URLs
 * @param rate {@code rate}: requests a second
 * @param duration {@code duration}: in whole seconds
 * @param maxSize {@code max-size}: larger artifacts are left out, in bytes
 * @param maxPlugins {@code max-plugins}: plugins looked up at most
 * @param seed {@code seed} of the choice of artifacts
 * @param zipf {@code zipf}: exponent of the popularity, 0 for all the same
 * @param shares what the requests are
 * @param targets {@code p50}, {@code p95}, {@code p99}, {@code max}
 */
record DownloadOptions(
        URI edge,
        int rate,
        Duration duration,
        int maxSize,
        int maxPlugins,
        long seed,
        double zipf,
        Shares shares,
        Targets targets) {

    /**
     * Percents of the requests; the rest are plain downloads.
     *
     * @param hashed {@code hash-percent}: downloads whose SHA-256 is computed
     * @param ranges {@code range-percent}: for a part, by {@code Range}
     * @param revalidations {@code revalidate-percent}: by {@code If-None-Match}
     */
    record Shares(int hashed, int ranges, int revalidations) {

        Shares {
            if (hashed + ranges + revalidations > 100) {
                throw new LoadTestException(
                        "hash-percent, range-percent and revalidate-percent are "
                                + (hashed + ranges + revalidations)
                                + " together, at most 100");
            }
        }
    }

    static DownloadOptions read(OptionReader reader) {
        return new DownloadOptions(
                reader.url("edge", "http://127.0.0.1:8081"),
                reader.integer("rate", 100, 1, 20_000),
                reader.seconds("duration", 60),
                reader.integer("max-size", 64 << 20, 1, 1 << 30),
                reader.integer("max-plugins", 1000, 1, 10_000),
                reader.seed(),
                reader.fraction("zipf", 1.0, 0, 5),
                new Shares(
                        reader.integer("hash-percent", 10, 0, 100),
                        reader.integer("range-percent", 5, 0, 100),
                        reader.integer("revalidate-percent", 5, 0, 100)),
                reader.targets(""));
    }
}
