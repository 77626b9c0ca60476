package dev.modunest.db;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.postgresql.PGStatement;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds plugins. By relevance, a page is filled tier by tier ({@link SearchTier}), each a statement
 * of its own that is run only while the page has room: common words are found by walking the index
 * of the order, rare ones by their GIN index, and nothing sorts a large set of matches. Which it is
 * is tried out first, since the planner knows only of the most common words how common they are.
 */
public final class SearchStore {

    private static final int MAX_EXACT = 100;
    private static final int MAX_FACET_VALUES = 50;

    /** So many matches are sorted in less time than it takes to find one page by walking. */
    private static final int FEW = 1_500;

    /**
     * Has each statement planned for its own words: one plan for all would suit common words or
     * rare ones, not both.
     */
    private static final StatementCustomizer PLANNED_EACH_TIME =
            new StatementCustomizer() {
                @Override
                public void beforeExecution(PreparedStatement statement, StatementContext context)
                        throws SQLException {
                    statement.unwrap(PGStatement.class).setPrepareThreshold(0);
                }
            };

    private final Handle handle;

    SearchStore(Handle handle) {
        this.handle = handle;
    }

    private record Hit(PluginRecord plugin, SearchPosition position) {}

    /** What the statements of one search have in common. */
    private record Terms(SearchText text, List<Long> exact, Optional<String> meant) {}

    public SearchResult search(SearchQuery query) {
        Optional<Terms> terms =
                query.text().map(text -> new Terms(text, exact(text), Optional.empty()));
        List<Hit> hits = new ArrayList<>();
        int room = query.limit() + 1;
        for (SearchTier tier : SearchTier.of(query)) {
            if (hits.size() == room || isBehind(tier, query) || isNeedless(tier, hits, query)) {
                continue;
            }
            if (tier.isForMeantWords()) {
                terms = terms.map(this::withMeantWords);
            }
            hits.addAll(hits(tier, query, terms, room - hits.size()));
        }
        List<Hit> page = hits.subList(0, Math.min(hits.size(), query.limit()));
        return new SearchResult(
                page.stream().map(Hit::plugin).toList(),
                hits.size() < room ? Optional.empty() : Optional.of(page.getLast().position()));
    }

    private static boolean isBehind(SearchTier tier, SearchQuery query) {
        return query.after().filter(after -> after.tier() > tier.number()).isPresent();
    }

    /**
     * In a given order words that were meant are looked for only when those written have no match.
     */
    private static boolean isNeedless(SearchTier tier, List<Hit> hits, SearchQuery query) {
        return tier == SearchTier.SORTED_MEANT
                && (!hits.isEmpty()
                        || query.after().filter(after -> after.tier() < tier.number()).isPresent());
    }

    /**
     * The plugins of that very name, however its words are parted, and those that plugins of that
     * name imitate.
     */
    private List<Long> exact(SearchText text) {
        return handle.createQuery(
                        """
                        select id from (
                            select id from plugins where listed and replace(name, '-', '') = :joined
                            union
                            select imitates from plugins
                            where listed and imitates is not null and replace(name, '-', '') = :joined
                            union
                            select id from plugins where listed and namespace = :namespace and name = :name
                        ) named
                        order by id
                        limit :limit
                        """)
                .bind("joined", text.joined())
                .bind("namespace", text.id().map(id -> id.namespace()).orElse(null))
                .bind("name", text.id().map(id -> id.name()).orElse(null))
                .bind("limit", MAX_EXACT)
                .mapTo(Long.class)
                .list();
    }

    private Terms withMeantWords(Terms terms) {
        return new Terms(
                terms.text(),
                terms.exact(),
                terms.meant().or(() -> new MeantWords(handle).query(terms.text().words())));
    }

    private List<Hit> hits(SearchTier tier, SearchQuery query, Optional<Terms> terms, int limit) {
        Optional<SearchPosition> after =
                query.after().filter(position -> position.tier() == tier.number());
        SearchOrder order = query.order();
        String sql =
                "select id, "
                        + PluginStore.COLUMNS
                        + ", "
                        + order.keyColumn()
                        + " as sort_key from "
                        + matches(tier, query, terms)
                        + " and "
                        + tier.rest()
                        + filters(query)
                        + (after.isPresent() ? " and " + order.after() : "")
                        + " order by "
                        + order.orderBy()
                        + " limit :limit";
        Query statement = bound(sql, query, terms).bind("limit", limit);
        after.ifPresent(
                position ->
                        statement.bind("key", order.key(position.key())).bind("id", position.id()));
        return statement.map((row, context) -> hit(tier, row)).list();
    }

    /**
     * The plugins that match and the beginning of a condition; when they are few, as a subquery
     * that the planner makes by itself (offset 0), so that neither order nor limit lead it to a
     * walk.
     */
    private String matches(SearchTier tier, SearchQuery query, Optional<Terms> terms) {
        if (!tier.hasMatch()) {
            return "plugins where " + found(query);
        }
        return hasFewMatches(tier, query, terms)
                ? "(select * from plugins where "
                        + found(query)
                        + " and "
                        + tier.match()
                        + " offset 0) plugins where true"
                : "plugins where " + found(query) + " and " + tier.match();
    }

    /** Nothing of a private namespace is listed, and so it is found by its name. */
    private static String found(SearchQuery query) {
        return query.secret()
                ? """
                (namespace = :namespace and exists (
                    select 1 from releases live where live.plugin_id = plugins.id and live.status = 'live'))"""
                : "listed";
    }

    /** A materialized query is planned for all of its rows and read as far as is asked for. */
    private boolean hasFewMatches(SearchTier tier, SearchQuery query, Optional<Terms> terms) {
        String sql =
                "with matched as materialized (select 1 from plugins where "
                        + found(query)
                        + " and "
                        + tier.match()
                        + ") select count(*) from (select 1 from matched limit :few) counted";
        return bound(sql, query, terms).bind("few", FEW).mapTo(int.class).one() < FEW;
    }

    private static Hit hit(SearchTier tier, ResultSet row) throws SQLException {
        return new Hit(
                PluginStore.plugin(row),
                new SearchPosition(tier.number(), row.getString("sort_key"), row.getLong("id")));
    }

    private static String filters(SearchQuery query) {
        return (query.category().isPresent() ? " and categories @> array[:category::text]" : "")
                + (query.license().isPresent() ? " and lower(license) = lower(:license)" : "")
                + (query.namespace().isPresent() ? " and namespace = :namespace" : "");
    }

    private Query bound(String sql, SearchQuery query, Optional<Terms> terms) {
        Query statement = handle.createQuery(sql);
        statement.addCustomizer(PLANNED_EACH_TIME);
        // Not every statement needs all of them.
        statement.getConfig(SqlStatements.class).setUnusedBindingAllowed(true);
        query.category().ifPresent(category -> statement.bind("category", category));
        query.license().ifPresent(license -> statement.bind("license", license));
        query.namespace().ifPresent(namespace -> statement.bind("namespace", namespace));
        terms.ifPresent(
                known ->
                        statement
                                .bindArray("words", String.class, known.text().words())
                                .bindArray("exact", Long.class, known.exact())
                                .bind("meant", known.meant().orElse(null)));
        return statement;
    }

    /**
     * Counts the matches of {@code query}, all its pages, and at most {@code most} of them. Of more
     * it takes those that are read the fastest: any order would have to be walked or sorted.
     */
    public Facets facets(SearchQuery query, int most) {
        Optional<Terms> terms =
                query.text().map(text -> new Terms(text, exact(text), Optional.empty()));
        Facets written = facets(query, terms, SearchTier.SORTED, most);
        if (written.matches() > 0 || terms.isEmpty()) {
            return written;
        }
        return facets(query, terms.map(this::withMeantWords), SearchTier.SORTED_MEANT, most);
    }

    private Facets facets(SearchQuery query, Optional<Terms> terms, SearchTier tier, int most) {
        SearchTier matching = terms.isPresent() ? tier : SearchTier.SORTED_ALL;
        String matches =
                "with matches as materialized (select categories, license from plugins where "
                        + found(query)
                        + " and "
                        + (matching.hasMatch() ? matching.match() + " and " : "")
                        + matching.rest()
                        + filters(query)
                        + " limit :most + 1)";
        String sql =
                matches
                        + """
                         , counted as (select * from matches limit :most)
                         select 'category' as facet, category as value, count(*) as count
                         from counted, unnest(categories) as category group by category
                         union all
                         select 'license', license, count(*) from counted where license is not null group by license
                         union all
                         select 'all', '', count(*) from matches
                         order by count desc, value
                        """;
        List<FacetRow> rows =
                bound(sql, query, terms)
                        .bind("most", most)
                        .map(
                                (row, context) ->
                                        new FacetRow(
                                                row.getString("facet"),
                                                new Facets.Count(
                                                        row.getString("value"),
                                                        row.getLong("count"))))
                        .list();
        long all = FacetRow.counts(rows, "all").getFirst().count();
        return new Facets(
                FacetRow.counts(rows, "category"),
                FacetRow.counts(rows, "license"),
                (int) Math.min(all, most),
                all <= most);
    }

    private record FacetRow(String facet, Facets.Count count) {

        static List<Facets.Count> counts(List<FacetRow> rows, String facet) {
            return rows.stream()
                    .filter(row -> row.facet().equals(facet))
                    .map(FacetRow::count)
                    .limit(MAX_FACET_VALUES)
                    .toList();
        }
    }
}
