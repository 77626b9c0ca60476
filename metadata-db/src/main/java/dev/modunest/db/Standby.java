package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * A server that streams the log from the primary, as the primary sees it.
 *
 * @param name its application_name
 * @param state {@code streaming}, {@code catchup} ...; {@code unknown} without pg_read_all_stats
 * @param synchronous whether commits may wait for it
 * @param bytesBehind log that it has not replayed; empty without pg_read_all_stats
 * @param lag between a commit and its replay there, lately; zero while nothing is written
 */
public record Standby(
        String name, String state, boolean synchronous, OptionalLong bytesBehind, Duration lag) {

    private static final int MAX = 32;

    static List<Standby> list(Handle primary) {
        return primary.createQuery(
                        """
                        select coalesce(application_name, '') as name,
                               coalesce(state, 'unknown') as state,
                               coalesce(sync_state in ('sync', 'quorum'), false) as synchronous,
                               pg_wal_lsn_diff(pg_current_wal_insert_lsn(), replay_lsn) as behind,
                               coalesce(extract(epoch from replay_lag) * 1000, 0) as lag_millis
                        from pg_stat_replication
                        order by 1, pid
                        limit :max
                        """)
                .bind("max", MAX)
                .map((row, _) -> standby(row))
                .list();
    }

    private static Standby standby(ResultSet row) throws SQLException {
        long bytes = row.getLong("behind");
        OptionalLong behind =
                row.wasNull() ? OptionalLong.empty() : OptionalLong.of(Math.max(0, bytes));
        return new Standby(
                row.getString("name"),
                row.getString("state"),
                row.getBoolean("synchronous"),
                behind,
                Duration.ofMillis(row.getLong("lag_millis")));
    }
}
