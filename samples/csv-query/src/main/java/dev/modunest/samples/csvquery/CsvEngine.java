package dev.modunest.samples.csvquery;

import dev.modunest.samples.csvquery.Query.Item;
import dev.modunest.samples.csvquery.api.CsvQueries;
import dev.modunest.samples.csvquery.api.QueryException;
import dev.modunest.samples.csvquery.api.Table;

import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@link CsvQueries} over the records of Apache Commons CSV, in one pass. */
final class CsvEngine implements CsvQueries {

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180
                    .builder()
                    .setHeader()
                    .setSkipHeaderRecord(true)
                    .setIgnoreEmptyLines(true)
                    .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
                    .get();

    @Override
    public Table run(String query, Reader csv) {
        Query parsed = QueryParser.parse(query);
        try (CSVParser records = FORMAT.parse(csv)) {
            requireColumns(parsed, records.getHeaderNames());
            List<Item> items = items(parsed, records.getHeaderNames());
            List<List<String>> rows =
                    parsed.grouped() ? groups(parsed, records) : rows(parsed, items, records);
            return answer(parsed, items.stream().map(Item::label).toList(), rows);
        } catch (CSVException | IllegalArgumentException malformed) {
            throw malformed(malformed);
        } catch (UncheckedIOException inside) {
            throw inside.getCause() instanceof CSVException malformed
                    ? malformed(malformed)
                    : inside;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static QueryException malformed(Exception malformed) {
        return new QueryException("the CSV is malformed: " + malformed.getMessage(), malformed);
    }

    private static void requireColumns(Query query, List<String> header) {
        List<String> named = new ArrayList<>(query.groupBy());
        query.where().forEach(condition -> named.add(condition.column()));
        for (Item item : query.items()) {
            switch (item) {
                case Item.Plain(String column) -> named.add(column);
                case Item.Aggregate(Query.Function function, String column) -> {
                    if (function != Query.Function.COUNT) {
                        named.add(column);
                    }
                }
            }
        }
        for (String column : named) {
            if (!header.contains(column)) {
                throw new QueryException(
                        "there is no column '"
                                + column
                                + "', there are "
                                + String.join(", ", header));
            }
        }
    }

    private static List<Item> items(Query query, List<String> header) {
        return query.items().isEmpty()
                ? header.stream().<Item>map(Item.Plain::new).toList()
                : query.items();
    }

    private static boolean matches(Query query, CSVRecord row) {
        requireConsistent(row);
        return query.where().stream()
                .allMatch(
                        condition ->
                                condition
                                        .comparison()
                                        .holds(row.get(condition.column()), condition.value()));
    }

    private static void requireConsistent(CSVRecord row) {
        if (!row.isConsistent()) {
            throw new QueryException(
                    "record "
                            + row.getRecordNumber()
                            + " of the CSV has "
                            + row.size()
                            + " values,"
                            + " its header has "
                            + row.getParser().getHeaderNames().size());
        }
    }

    private static List<List<String>> rows(Query query, List<Item> items, CSVParser records) {
        List<String> columns = items.stream().map(Item::label).toList();
        List<List<String>> rows = new ArrayList<>();
        for (CSVRecord row : records) {
            if (matches(query, row)) {
                requireRoom(rows.size());
                rows.add(columns.stream().map(row::get).toList());
            }
        }
        return rows;
    }

    private static List<List<String>> groups(Query query, CSVParser records) {
        Map<List<String>, Group> groups = new LinkedHashMap<>();
        if (query.groupBy().isEmpty()) {
            groups.put(List.of(), new Group(query, List.of()));
        }
        for (CSVRecord row : records) {
            if (matches(query, row)) {
                List<String> key = query.groupBy().stream().map(row::get).toList();
                Group group = groups.get(key);
                if (group == null) {
                    requireRoom(groups.size());
                    group = new Group(query, key);
                    groups.put(key, group);
                }
                group.add(row);
            }
        }
        return groups.values().stream().map(Group::values).toList();
    }

    private static void requireRoom(int rows) {
        if (rows == MAX_ROWS) {
            throw new QueryException(
                    "the answer has more than " + MAX_ROWS + " rows: narrow it with 'where'");
        }
    }

    private static Table answer(Query query, List<String> labels, List<List<String>> rows) {
        List<List<String>> sorted = new ArrayList<>(rows);
        query.order().ifPresent(order -> sorted.sort(comparator(order, labels)));
        return new Table(labels, sorted.subList(0, Math.min(sorted.size(), query.limit())));
    }

    private static Comparator<List<String>> comparator(Query.Order order, List<String> labels) {
        int column = labels.indexOf(order.label());
        if (column < 0) {
            throw new QueryException(
                    "select '" + order.label() + "' too, so that it can be ordered by");
        }
        Comparator<List<String>> ascending =
                Comparator.comparing(row -> row.get(column), Values.ORDER);
        return order.descending() ? ascending.reversed() : ascending;
    }
}
