package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.util.List;

/** What Postgres knows of the size of the index. */
public final class StatisticsStore {

    private final Handle handle;

    StatisticsStore(Handle handle) {
        this.handle = handle;
    }

    /** Every table of the schema that holds rows itself, partitions one by one. */
    public List<TableStatistics> tables() {
        return handle.createQuery(
                        """
                        select coalesce(parent.relname, c.relname) as "table", c.relname as name,
                               coalesce(pg_table_size(c.oid), 0) as table_bytes,
                               coalesce(pg_indexes_size(c.oid), 0) as index_bytes,
                               case when c.reltuples >= 0 then c.reltuples::bigint
                                    else coalesce(s.n_live_tup, 0) end as live_rows,
                               coalesce(s.n_dead_tup, 0) as dead_rows
                        from pg_class c
                        left join pg_inherits i on i.inhrelid = c.oid
                        left join pg_class parent on parent.oid = i.inhparent
                        left join pg_stat_user_tables s on s.relid = c.oid
                        where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
                        order by 1, 2
                        """)
                .map(
                        (row, context) ->
                                new TableStatistics(
                                        row.getString("table"),
                                        row.getString("name"),
                                        row.getLong("table_bytes"),
                                        row.getLong("index_bytes"),
                                        row.getLong("live_rows"),
                                        row.getLong("dead_rows")))
                .list();
    }

    /** Downloads in 30 days of the plugins, at most {@code most}, that have most of them. */
    public List<PluginDownloads> mostDownloaded(int most) {
        return handle.createQuery(
                        """
                        select p.namespace, p.name, p.downloads_30d
                        from plugins p join namespaces n on n.name = p.namespace
                        where p.downloads_30d > 0 and not n.private
                        order by p.downloads_30d desc, p.id
                        limit :most
                        """)
                .bind("most", most)
                .map(
                        (row, context) ->
                                new PluginDownloads(
                                        row.getString("namespace") + "/" + row.getString("name"),
                                        row.getLong("downloads_30d")))
                .list();
    }

    /** Rows in the default partition, counted up to {@code limit}. */
    public long rowsInDefault(PartitionedTable table, int limit) {
        return handle.createQuery(
                        "select count(*) from (select 1 from %s limit %d) counted"
                                .formatted(table.defaultPartition(), limit))
                .mapTo(long.class)
                .one();
    }
}
