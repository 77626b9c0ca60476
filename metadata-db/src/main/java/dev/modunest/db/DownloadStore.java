package dev.modunest.db;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often releases have been downloaded, by day (UTC). */
public final class DownloadStore {

    /** Downloads of one artifact on one day. */
    public record Count(Digest digest, LocalDate day, long count) {

        public Count {
            if (count < 1) {
                throw new IllegalArgumentException("a count is at least 1, not " + count);
            }
        }
    }

    /** Downloads of one release on one day. */
    public record Day(LocalDate day, Version version, long count) {}

    private final Handle handle;

    DownloadStore(Handle handle) {
        this.handle = handle;
    }

    /**
     * Counts a batch once, however often it comes: the batches of a source come in the order of
     * their sequence numbers, so that one at or below the last has been counted. Digests that no
     * release has are left out. Waits for another batch of the same source. A day whose downloads
     * are folded into the totals already is added to them as well. In a transaction only.
     *
     * @return false when it has been counted before
     */
    public boolean add(String source, long sequence, List<Count> counts, Instant now) {
        int isNext =
                handle.createUpdate(
                                """
                                insert into download_sources (source, last_sequence, updated_at)
                                values (:source, :sequence, :now)
                                on conflict (source) do update
                                set last_sequence = excluded.last_sequence, updated_at = excluded.updated_at
                                where download_sources.last_sequence < excluded.last_sequence
                                """)
                        .bind("source", source)
                        .bind("sequence", sequence)
                        .bind("now", now)
                        .execute();
        if (isNext == 0) {
            return false;
        }
        LocalDate foldedBefore = RankingStore.lockFoldedBefore(handle);
        // In one order, so that two batches do not wait for each other.
        update(
                """
                insert into downloads (day, plugin_id, release_id, count)
                select c.day, r.plugin_id, r.id, sum(c.count)
                from unnest(:digests, :days::date[], :counts) as c (digest, day, count)
                join releases r on r.digest = c.digest
                group by c.day, r.plugin_id, r.id
                order by r.id, c.day
                on conflict (release_id, day) do update set count = downloads.count + excluded.count
                """,
                counts);
        List<Count> late =
                counts.stream().filter(count -> count.day().isBefore(foldedBefore)).toList();
        if (!late.isEmpty()) {
            update(
                    """
                    insert into downloads_folded as folded (plugin_id, count)
                    select r.plugin_id, sum(c.count)
                    from unnest(:digests, :days::date[], :counts) as c (digest, day, count)
                    join releases r on r.digest = c.digest
                    group by r.plugin_id
                    order by r.plugin_id
                    on conflict (plugin_id) do update set count = folded.count + excluded.count
                    """,
                    late);
        }
        return true;
    }

    private void update(String sql, List<Count> counts) {
        handle.createUpdate(sql)
                .bindArray(
                        "digests",
                        String.class,
                        counts.stream().map(count -> count.digest().hex()).toList())
                .bindArray(
                        "days",
                        String.class,
                        counts.stream().map(count -> count.day().toString()).toList())
                .bindArray("counts", Long.class, counts.stream().map(Count::count).toList())
                .execute();
    }

    /**
     * Downloads of a plugin's releases, by day and version.
     *
     * @param limit most rows
     */
    public List<Day> list(PluginId plugin, LocalDate from, LocalDate to, int limit) {
        return handle.createQuery(
                        """
                        select d.day::text as day, r.version, d.count
                        from plugins p
                        join downloads d on d.plugin_id = p.id
                        join releases r on r.id = d.release_id
                        where p.namespace = :namespace and p.name = :name
                          and d.day between :from::date and :to::date
                        order by d.day, r.version_order
                        limit :limit
                        """)
                .bind("namespace", plugin.namespace())
                .bind("name", plugin.name())
                .bind("from", from.toString())
                .bind("to", to.toString())
                .bind("limit", limit)
                .map(
                        (row, context) ->
                                new Day(
                                        LocalDate.parse(row.getString("day")),
                                        Version.parse(row.getString("version")),
                                        row.getLong("count")))
                .list();
    }

    /** Downloads of a plugin by day, of all its releases. */
    public SortedMap<LocalDate, Long> totals(PluginId plugin, LocalDate from, LocalDate to) {
        SortedMap<LocalDate, Long> totals = new TreeMap<>();
        handle.createQuery(
                        """
                        select d.day::text as day, sum(d.count)::bigint as total
                        from plugins p
                        join downloads d on d.plugin_id = p.id
                        where p.namespace = :namespace and p.name = :name
                          and d.day between :from::date and :to::date
                        group by d.day
                        """)
                .bind("namespace", plugin.namespace())
                .bind("name", plugin.name())
                .bind("from", from.toString())
                .bind("to", to.toString())
                .map((row, context) -> new Total(row.getString("day"), row.getLong("total")))
                .forEach(each -> totals.put(LocalDate.parse(each.day()), each.count()));
        return totals;
    }

    private record Total(String day, long count) {}

    /** Forgets the sources of that prefix that have not been heard of since. */
    public int forgetSources(String prefix, Instant since) {
        return handle.createUpdate(
                        "delete from download_sources where starts_with(source, :prefix) and updated_at < :since")
                .bind("prefix", prefix)
                .bind("since", since)
                .execute();
    }
}
