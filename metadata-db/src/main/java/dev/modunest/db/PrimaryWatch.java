package dev.modunest.db;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Asks the primary for its position: after commits, once for all that there were since the last
 * time, and every {@code database.replica_check}.
 */
final class PrimaryWatch implements Watch.Round {

    private static final Logger LOG = LoggerFactory.getLogger(PrimaryWatch.class);

    /**
     * The insert position, not the flush position: it is after the commit even where
     * synchronous_commit is off. The first eight digits of a log file's name are its timeline.
     */
    private static final String ASK =
            """
            select pg_current_wal_insert_lsn(),
                   substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)
            """;

    private record Answer(LogPosition position, int timeline) {
        static Answer read(ResultSet row) throws SQLException {
            return new Answer(
                    LogPosition.parse(row.getString(1)),
                    Integer.parseUnsignedInt(row.getString(2), 16));
        }
    }

    private final WatchedServer server;
    private final PrimaryLog log;
    private final ReadBar bar;
    private final Runnable covered;
    private boolean reachable = true;

    /**
     * @param covered run when the bar has become known
     */
    PrimaryWatch(WatchedServer server, PrimaryLog log, ReadBar bar, Runnable covered) {
        this.server = server;
        this.log = log;
        this.bar = bar;
        this.covered = covered;
    }

    @Override
    public long nanosToNext(long periodNanos) {
        long begun = System.nanoTime();
        long commits = bar.commits();
        try {
            Answer answer = server.ask(ASK, Answer::read);
            told(answer, commits, begun);
            reachable = true;
        } catch (SQLException failed) {
            if (reachable) {
                LOG.warn(
                        "The primary does not tell its position ({}); stale reads go on from"
                                + " replicas for at most database.replica_max_lag",
                        failed.getMessage());
            }
            reachable = false;
        }
        return periodNanos;
    }

    private void told(Answer answer, long commits, long begun) {
        if (answer.timeline() != log.timeline()) {
            if (log.restart(answer.timeline())) {
                LOG.warn("The primary is another server now, on timeline {}", answer.timeline());
            }
            bar.restart(commits, answer.position());
        }
        log.add(answer.position(), begun);
        if (!bar.isCovered()) {
            bar.cover(commits, answer.position());
            covered.run();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
