package dev.modunest.server.ranking;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.db.RankingStore;
import dev.modunest.db.RankingStore.Candidate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Refreshes downloads, ranks and look-alikes at start and every interval after; of all servers of a
 * registry one at a time.
 */
public final class Ranking implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ranking.class);

    private final RankingConfig config;
    private final Database database;
    private final InstantSource clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("ranking").factory());
    private final ScheduledFuture<?> refreshing;

    public Ranking(RankingConfig config, Database database, InstantSource clock) {
        this.config = config;
        this.database = database;
        this.clock = clock;
        this.refreshing =
                timer.scheduleWithFixedDelay(
                        this::refresh, 0, config.interval().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void refresh() {
        try {
            int changed = database.read(tx -> refreshAlone(tx.ranking()));
            LOG.debug("the ranks of {} plugins changed", changed);
        } catch (DatabaseException failed) {
            LOG.warn("plugins are ranked again in {}", config.interval(), failed);
        }
    }

    private int refreshAlone(RankingStore ranks) {
        if (!ranks.tryLock()) {
            return 0;
        }
        try {
            Instant now = clock.instant();
            ranks.foldDownloads(now);
            long last = ranks.lastPlugin();
            int changed = 0;
            for (long after = 0; after < last; after += config.batch()) {
                changed += ranks.refresh(after, after + config.batch(), now);
            }
            findLookAlikes(ranks, last);
            return changed;
        } finally {
            ranks.unlock();
        }
    }

    private void findLookAlikes(RankingStore ranks, long last) {
        PopularPlugins popular =
                new PopularPlugins(ranks.popular(config.popular(), config.popularDownloads()));
        ranks.keepPopularKeys(popular.keys());
        for (long after = 0; after < last; after += config.batch()) {
            List<Candidate> changed =
                    ranks.candidates(after, after + config.batch()).stream()
                            .filter(plugin -> !popular.imitatedBy(plugin).equals(plugin.imitates()))
                            .map(plugin -> plugin.imitating(popular.imitatedBy(plugin)))
                            .toList();
            ranks.imitates(changed);
        }
    }

    @Override
    public void close() {
        refreshing.cancel(true);
        timer.shutdownNow();
    }
}
