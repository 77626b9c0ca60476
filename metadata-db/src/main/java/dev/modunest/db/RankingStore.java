package dev.modunest.db;

import dev.modunest.format.PluginId;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the order of search rests on. Outside a transaction every method commits by itself, so that
 * publishing waits for no more than a batch.
 */
public final class RankingStore {

    /** Advisory locks are numbers; this one is "ranking" in ASCII. */
    private static final long LOCK = 0x72616e6b696e67L;

    /**
     * Days whose downloads are added up at every refresh; those before are folded into totals,
     * which counts that come later are added to.
     */
    public static final int OPEN_DAYS = 35;

    private static final int RECENT_DAYS = 30;

    private final Handle handle;

    RankingStore(Handle handle) {
        this.handle = handle;
    }

    /** One plugin as far as look-alikes are concerned. */
    public record Candidate(
            long id,
            PluginId plugin,
            long ownerAccountId,
            long recentDownloads,
            Optional<Long> imitates) {

        public Candidate imitating(Optional<Long> other) {
            return new Candidate(id, plugin, ownerAccountId, recentDownloads, other);
        }
    }

    /** Takes the lock of this connection; false when another connection has it. */
    public boolean tryLock() {
        return handle.createQuery("select pg_try_advisory_lock(:lock)")
                .bind("lock", LOCK)
                .mapTo(Boolean.class)
                .one();
    }

    public void unlock() {
        handle.createQuery("select pg_advisory_unlock(:lock)")
                .bind("lock", LOCK)
                .mapTo(Boolean.class)
                .one();
    }

    /** Adds days that are long over to {@code downloads_folded}, so that they may be dropped. */
    public void foldDownloads(Instant now) {
        LocalDate before = day(now).minusDays(OPEN_DAYS);
        if (foldedBefore().isBefore(before)) {
            handle.useTransaction(transaction -> fold(transaction, before));
        }
    }

    /** Downloads of the days before are in the totals of their plugins. */
    public LocalDate foldedBefore() {
        return foldedBefore(handle, "");
    }

    /**
     * The same, which stays to the end of the transaction: whoever counts downloads takes this
     * lock, and what it commits is seen by the statements of the next fold.
     */
    static LocalDate lockFoldedBefore(Handle transaction) {
        return foldedBefore(transaction, " for share");
    }

    private static LocalDate foldedBefore(Handle handle, String lock) {
        return handle.createQuery("select folded_before from ranking" + lock)
                .mapTo(LocalDate.class)
                .one();
    }

    /**
     * The lock is a statement of its own, so that the next one sees what was counted while it was
     * waited for.
     */
    private static void fold(Handle transaction, LocalDate before) {
        LocalDate since = foldedBefore(transaction, " for update");
        transaction
                .createUpdate(
                        """
                        insert into downloads_folded as folded (plugin_id, count)
                        select plugin_id, sum(count)
                        from downloads
                        where day >= :since and day < :before
                        group by plugin_id
                        on conflict (plugin_id) do update set count = folded.count + excluded.count
                        """)
                .bind("since", since)
                .bind("before", before)
                .execute();
        transaction
                .createUpdate("update ranking set folded_before = greatest(folded_before, :before)")
                .bind("before", before)
                .execute();
    }

    private static LocalDate day(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC);
    }

    /** The highest row of {@code plugins}. */
    public long lastPlugin() {
        return handle.createQuery("select coalesce(max(id), 0) from plugins")
                .mapTo(Long.class)
                .one();
    }

    /**
     * Brings downloads and rank of the plugins above {@code after}, up to {@code upTo}, up to date
     * where they are off by more than 1 % or the rank differs.
     *
     * @return how many plugins changed
     */
    public int refresh(long after, long upTo, Instant now) {
        return handle.createUpdate(
                        """
                        with open as (
                            select plugin_id, sum(count) as total,
                                   coalesce(sum(count) filter (where day > :recent), 0) as recent
                            from downloads, ranking
                            where plugin_id > :after and plugin_id <= :up_to and day >= ranking.folded_before
                            group by plugin_id
                        ), fresh as (
                            select p.id, coalesce(o.recent, 0)::bigint as recent,
                                   (coalesce(o.total, 0) + coalesce(f.count, 0))::bigint as total,
                                   rank_score(coalesce(o.recent, 0)::bigint, p.updated_at, n.verified, :now) as rank_score
                            from plugins p
                            join namespaces n on n.name = p.namespace
                            left join open o on o.plugin_id = p.id
                            left join downloads_folded f on f.plugin_id = p.id
                            where p.id > :after and p.id <= :up_to
                        )
                        update plugins p
                        set downloads_30d = fresh.recent, downloads_total = fresh.total, rank_score = fresh.rank_score
                        from fresh
                        where p.id = fresh.id
                          and (p.rank_score <> fresh.rank_score
                               or 100 * abs(p.downloads_30d - fresh.recent) > p.downloads_30d
                               or 100 * abs(p.downloads_total - fresh.total) > p.downloads_total)
                        """)
                .bind("recent", day(now).minusDays(RECENT_DAYS))
                .bind("after", after)
                .bind("up_to", upTo)
                .bind("now", now)
                .execute();
    }

    /** The most downloaded plugins of the last 30 days, the first first. */
    public List<Candidate> popular(int most, long leastDownloads) {
        return candidates(
                """
                where p.downloads_30d >= :first
                order by p.downloads_30d desc, p.id
                limit :second
                """,
                leastDownloads,
                most);
    }

    /** All plugins above {@code after}, up to {@code upTo}. */
    public List<Candidate> candidates(long after, long upTo) {
        return candidates("where p.id > :first and p.id <= :second", after, upTo);
    }

    private List<Candidate> candidates(String which, long first, long second) {
        return handle.createQuery(
                        """
                        select p.id, p.namespace, p.name, coalesce(n.owner_account_id, -n.owner_organization_id) as owner, p.downloads_30d, p.imitates
                        from plugins p
                        join namespaces n on n.name = p.namespace
                        """
                                + which)
                .bind("first", first)
                .bind("second", second)
                .map(
                        (row, context) ->
                                new Candidate(
                                        row.getLong("id"),
                                        new PluginId(
                                                row.getString("namespace"), row.getString("name")),
                                        row.getLong("owner"),
                                        row.getLong("downloads_30d"),
                                        Optional.ofNullable(row.getObject("imitates", Long.class))))
                .list();
    }

    /** Makes exactly the plugins of {@code keys} findable by their look-alikes. */
    public void keepPopularKeys(Map<Long, Set<String>> keys) {
        handle.createUpdate(
                        """
                        update plugins set popular_keys = null
                        where popular_keys is not null and id <> all(:popular)
                        """)
                .bindArray("popular", Long.class, keys.keySet())
                .execute();
        if (keys.isEmpty()) {
            return;
        }
        PreparedBatch batch =
                handle.prepareBatch(
                        """
                        update plugins set popular_keys = :keys
                        where id = :id and popular_keys is null
                        """);
        keys.forEach(
                (id, texts) -> batch.bindArray("keys", String.class, texts).bind("id", id).add());
        batch.execute();
    }

    /** Says of every plugin of {@code candidates} what it imitates, or that it imitates nothing. */
    public void imitates(Collection<Candidate> candidates) {
        if (candidates.isEmpty()) {
            return;
        }
        PreparedBatch batch =
                handle.prepareBatch("update plugins set imitates = :imitates where id = :id");
        for (Candidate candidate : candidates) {
            batch.bind("imitates", candidate.imitates().orElse(null))
                    .bind("id", candidate.id())
                    .add();
        }
        batch.execute();
    }
}
