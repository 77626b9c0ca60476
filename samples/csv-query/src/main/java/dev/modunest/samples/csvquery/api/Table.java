package dev.modunest.samples.csvquery.api;

import java.util.List;

/** Named columns and rows of as many values. */
public record Table(List<String> columns, List<List<String>> rows) {

    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        row.size() + " values in a row of " + columns.size() + " columns");
            }
        }
    }
}
