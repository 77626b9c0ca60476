package dev.modunest.server.ranking;

import dev.modunest.db.Database;
import dev.modunest.db.RankingStore;
import dev.modunest.db.RankingStore.Candidate;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.Periodic;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Refreshes downloads, ranks and look-alikes at start and every interval after; of all servers of a
 * registry one at a time.
 */
public final class Ranking implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ranking.class);

    private final RankingConfig config;
    private final Database database;
    private final InstantSource clock;
    private final Periodic refreshing;

    public Ranking(RankingConfig config, Database database, Jobs jobs, InstantSource clock) {
        this.config = config;
        this.database = database;
        this.clock = clock;
        this.refreshing = jobs.start("ranking", Duration.ZERO, config.interval(), this::refresh);
    }

    private void refresh() {
        int changed = database.read(tx -> refreshAlone(tx.ranking()));
        LOG.debug("the ranks of {} plugins changed", changed);
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
        refreshing.close();
    }
}
