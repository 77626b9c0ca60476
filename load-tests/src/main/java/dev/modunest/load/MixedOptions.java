package dev.modunest.load;

import java.time.Duration;
import java.time.InstantSource;

/**
 * What a {@link MixedSimulation} does.
 *
 * @param publishers registry, tokens, size, duration, and {@code p50} and so on of a publish
 * @param clients {@code clients} that publish, one plugin after the other
 * @param pace {@code pace}: least milliseconds between the begins of two publishes of a client
 * @param searches {@code search-rate}: a second; 0: none
 * @param reads what is searched for
 * @param searchTargets {@code search-p50} and so on
 * @param downloads edge and {@code rate}
 * @param downloadTargets {@code download-p50} and so on
 */
record MixedOptions(
        PublisherOptions publishers,
        int clients,
        Duration pace,
        int searches,
        ReadOptions reads,
        Targets searchTargets,
        DownloadOptions downloads,
        Targets downloadTargets) {

    private static final int SECONDS = 600;
    private static final int SIZE = 100 << 10;

    /** A little more than 25 publishes a minute. */
    private static final int PACE_MILLIS = 2_300;

    private static final int MAX_PLUGINS = 2_000;

    static MixedOptions read(OptionReader reader, InstantSource clock) {
        return new MixedOptions(
                PublisherOptions.read(reader, clock, SECONDS, SIZE),
                reader.integer("clients", 1, 1, 1000),
                Duration.ofMillis(reader.integer("pace", PACE_MILLIS, 0, 60_000)),
                reader.integer("search-rate", 5, 0, 1_000),
                ReadOptions.read(reader, 1, MAX_PLUGINS),
                reader.targets("search-"),
                DownloadOptions.read(reader),
                reader.targets("download-"));
    }

    Duration duration() {
        return publishers.duration();
    }
}
