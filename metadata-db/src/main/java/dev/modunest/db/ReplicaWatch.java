package dev.modunest.db;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Checks a replica every {@code database.replica_check}, and more often while it has not replayed
 * what stale reads must see.
 */
final class ReplicaWatch implements Watch.Round {

    /**
     * Where the log comes from by stream its receiver knows the timeline; else the last restart
     * point does, which may be the older one for some minutes after a promotion elsewhere.
     */
    private static final String ASK =
            """
            select pg_is_in_recovery(),
                   coalesce(pg_last_wal_replay_lsn(), '0/0'),
                   coalesce((select received_tli from pg_stat_wal_receiver),
                            (select timeline_id from pg_control_checkpoint()))
            """;

    private static final long FIRST_CHASE_NANOS = Duration.ofMillis(1).toNanos();

    private record Answer(boolean inRecovery, LogPosition replayed, int timeline) {
        static Answer read(ResultSet row) throws SQLException {
            return new Answer(
                    row.getBoolean(1), LogPosition.parse(row.getString(2)), row.getInt(3));
        }
    }

    private final WatchedServer server;
    private final Replica replica;
    private final PrimaryLog primary;
    private final ReadBar bar;
    private final long maxLagNanos;
    private long chaseNanos = FIRST_CHASE_NANOS;

    ReplicaWatch(
            WatchedServer server,
            Replica replica,
            PrimaryLog primary,
            ReadBar bar,
            Duration maxLag) {
        this.server = server;
        this.replica = replica;
        this.primary = primary;
        this.bar = bar;
        this.maxLagNanos = maxLag.toNanos();
    }

    @Override
    public long nanosToNext(long periodNanos) {
        try {
            Answer answer = server.ask(ASK, Answer::read);
            long now = System.nanoTime();
            long asOf = primary.asOfNanos(answer.replayed(), now);
            replica.saw(judge(answer, now - asOf), asOf);
            return chase(answer.replayed(), periodNanos);
        } catch (SQLException failed) {
            replica.lost(String.valueOf(failed.getMessage()));
            return periodNanos;
        }
    }

    private ReplicaState judge(Answer answer, long lagNanos) {
        int timelineOfPrimary = primary.timeline();
        if (!answer.inRecovery()) {
            return new ReplicaState.Promoted();
        }
        if (timelineOfPrimary != 0 && answer.timeline() != timelineOfPrimary) {
            return new ReplicaState.Diverged(answer.timeline(), timelineOfPrimary);
        }
        return lagNanos > maxLagNanos
                ? new ReplicaState.Lagging(answer.replayed())
                : new ReplicaState.Following(answer.replayed());
    }

    /** Asks soon while the bar is known and not reached, then ever less often. */
    private long chase(LogPosition replayed, long periodNanos) {
        if (!bar.isCovered() || bar.isReachedBy(replayed)) {
            chaseNanos = FIRST_CHASE_NANOS;
            return periodNanos;
        }
        long wait = Math.min(periodNanos, chaseNanos);
        chaseNanos = 2 * wait;
        return wait;
    }

    @Override
    public void close() {
        server.close();
    }
}
