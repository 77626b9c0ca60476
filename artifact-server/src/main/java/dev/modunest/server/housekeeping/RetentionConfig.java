package dev.modunest.server.housekeeping;

import dev.modunest.db.RankingStore;
import dev.modunest.settings.Default;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * How long rows are kept that the registry does not need for ever.
 *
 * @param outbox the changes of the index
 * @param downloads counts by release and day
 * @param audit who did what
 * @param publishes those that are over
 * @param idempotencyKeys first answers to mutations
 * @param sessions those that are over
 * @param uploadedBundles signatures that no release has named
 * @param downloadSources processes that no longer report downloads
 * @param drop false: partitions of outbox, downloads and audit are detached and left as tables, for
 *     an archive
 */
public record RetentionConfig(
        @Default("14d") Duration outbox,
        @Default("400d") Duration downloads,
        @Default("730d") Duration audit,
        @Default("30d") Duration publishes,
        @Default("48h") Duration idempotencyKeys,
        @Default("30d") Duration sessions,
        @Default("2d") Duration uploadedBundles,
        @Default("90d") Duration downloadSources,
        @Default("true") boolean drop) {

    private static final Duration LEAST_DOWNLOADS = Duration.ofDays(RankingStore.OPEN_DAYS + 1L);

    public RetentionConfig {
        Duration least = Duration.ofDays(1);
        if (Stream.of(
                        outbox,
                        downloads,
                        audit,
                        publishes,
                        idempotencyKeys,
                        sessions,
                        uploadedBundles,
                        downloadSources)
                .anyMatch(kept -> kept.compareTo(least) < 0)) {
            throw new IllegalArgumentException("everything is kept for at least 1d");
        }
        if (downloads.compareTo(LEAST_DOWNLOADS) < 0) {
            throw new IllegalArgumentException(
                    "downloads is at least "
                            + LEAST_DOWNLOADS.toDays()
                            + "d, not "
                            + downloads
                            + ": the counts of a day are added to the totals after "
                            + RankingStore.OPEN_DAYS
                            + " days");
        }
    }
}
