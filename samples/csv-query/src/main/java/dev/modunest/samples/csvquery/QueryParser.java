package dev.modunest.samples.csvquery;

import dev.modunest.samples.csvquery.Query.Comparison;
import dev.modunest.samples.csvquery.Query.Condition;
import dev.modunest.samples.csvquery.Query.Function;
import dev.modunest.samples.csvquery.Query.Item;
import dev.modunest.samples.csvquery.Query.Order;
import dev.modunest.samples.csvquery.api.QueryException;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Recursive descent over the grammar of {@code CsvQueries}. */
final class QueryParser {

    private static final int MAX_LIMIT = 1_000_000;

    private final QueryTokens tokens;

    private QueryParser(String query) {
        tokens = new QueryTokens(query);
    }

    static Query parse(String query) {
        return new QueryParser(query).query();
    }

    private Query query() {
        tokens.require("select");
        List<Item> items = items();
        List<Condition> where = where();
        List<String> groupBy = groupBy();
        Optional<Order> order = order();
        int limit = tokens.accept("limit") ? limit() : MAX_LIMIT;
        if (!tokens.atEnd()) {
            throw tokens.expected("'where', 'group by', 'order by', 'limit' or the end");
        }
        Query query = new Query(items, where, groupBy, order, limit);
        requireGroupedColumns(query);
        return query;
    }

    private List<Item> items() {
        if (tokens.accept("*")) {
            return List.of();
        }
        List<Item> items = new ArrayList<>();
        do {
            items.add(item());
        } while (tokens.accept(","));
        return items;
    }

    private Item item() {
        String name = tokens.name("a column");
        if (!tokens.accept("(")) {
            return new Item.Plain(name);
        }
        Function function = function(name);
        boolean all = function == Function.COUNT;
        if (all) {
            tokens.require("*");
        }
        String column = all ? "*" : tokens.name("a column");
        tokens.require(")");
        return new Item.Aggregate(function, column);
    }

    private static Function function(String name) {
        for (Function function : Function.values()) {
            if (function.word().equals(name.toLowerCase(Locale.ROOT))) {
                return function;
            }
        }
        throw new QueryException("'" + name + "' is not count, sum, avg, min or max");
    }

    private List<Condition> where() {
        List<Condition> conditions = new ArrayList<>();
        if (tokens.accept("where")) {
            do {
                String column = tokens.name("a column");
                conditions.add(new Condition(column, comparison(), tokens.name("a value")));
            } while (tokens.accept("and"));
        }
        return conditions;
    }

    private Comparison comparison() {
        for (Comparison comparison : Comparison.values()) {
            if (tokens.accept(comparison.word())) {
                return comparison;
            }
        }
        throw tokens.expected("=, !=, <, <=, >, >= or contains");
    }

    private List<String> groupBy() {
        List<String> columns = new ArrayList<>();
        if (tokens.accept("group")) {
            tokens.require("by");
            do {
                columns.add(tokens.name("a column"));
            } while (tokens.accept(","));
        }
        return columns;
    }

    private Optional<Order> order() {
        if (!tokens.accept("order")) {
            return Optional.empty();
        }
        tokens.require("by");
        Item item = item();
        boolean descending = tokens.accept("desc");
        if (!descending) {
            tokens.accept("asc");
        }
        return Optional.of(new Order(item.label(), descending));
    }

    private int limit() {
        String text = tokens.name("a number");
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 0 && limit <= MAX_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException wrong) {
            throw new QueryException("the limit is a number, not '" + text + "'", wrong);
        }
        throw new QueryException("the limit is 0 to " + MAX_LIMIT + ", not " + text);
    }

    private static void requireGroupedColumns(Query query) {
        if (query.grouped() && query.items().isEmpty()) {
            throw new QueryException("name the columns to select: * does not go with 'group by'");
        }
        for (Item item : query.items()) {
            if (query.grouped()
                    && item instanceof Item.Plain plain
                    && !query.groupBy().contains(plain.column())) {
                throw new QueryException(
                        "'" + plain.column() + "' differs within a group: add it to 'group by'");
            }
        }
    }
}
