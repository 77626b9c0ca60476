package dev.modunest.samples.csvquery;

import dev.modunest.samples.csvquery.Query.Function;
import dev.modunest.samples.csvquery.Query.Item;
import dev.modunest.samples.csvquery.api.QueryException;

import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/** The running figures of the rows that share a key. */
final class Group {

    private final Query query;
    private final List<String> key;
    private final List<Figure> figures = new ArrayList<>();

    Group(Query query, List<String> key) {
        this.query = query;
        this.key = key;
        query.items().forEach(item -> figures.add(new Figure()));
    }

    void add(CSVRecord row) {
        for (int i = 0; i < figures.size(); i++) {
            if (query.items().get(i) instanceof Item.Aggregate aggregate) {
                figures.get(i).add(aggregate, row);
            }
        }
    }

    /** The row of the answer. */
    List<String> values() {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < figures.size(); i++) {
            values.add(
                    switch (query.items().get(i)) {
                        case Item.Plain(String column) -> key.get(query.groupBy().indexOf(column));
                        case Item.Aggregate(Function function, _) -> figures.get(i).value(function);
                    });
        }
        return values;
    }

    /** One figure; empty values count as rows alone. */
    private static final class Figure {

        private long rows;
        private long numbers;
        private BigDecimal sum = BigDecimal.ZERO;
        private @Nullable String least; // null until there is a value
        private @Nullable String greatest;

        void add(Item.Aggregate aggregate, CSVRecord row) {
            rows++;
            if (aggregate.function() == Function.COUNT) {
                return;
            }
            String value = row.get(aggregate.column());
            if (value.isEmpty()) {
                return;
            }
            switch (aggregate.function()) {
                case SUM, AVERAGE -> addNumber(aggregate, row, value);
                case LEAST, GREATEST -> addText(value);
                case COUNT -> throw new IllegalStateException("counted above");
            }
        }

        private void addNumber(Item.Aggregate aggregate, CSVRecord row, String value) {
            BigDecimal number =
                    Values.number(value)
                            .orElseThrow(
                                    () ->
                                            new QueryException(
                                                    aggregate.label()
                                                            + " meets '"
                                                            + value
                                                            + "' in record "
                                                            + row.getRecordNumber()
                                                            + ", which is no number"));
            sum = sum.add(number);
            numbers++;
        }

        private void addText(String value) {
            if (least == null || Values.ORDER.compare(value, least) < 0) {
                least = value;
            }
            if (greatest == null || Values.ORDER.compare(value, greatest) > 0) {
                greatest = value;
            }
        }

        String value(Function function) {
            return switch (function) {
                case COUNT -> Long.toString(rows);
                case SUM -> sum.toPlainString();
                case AVERAGE -> average();
                case LEAST -> least == null ? "" : least;
                case GREATEST -> greatest == null ? "" : greatest;
            };
        }

        private String average() {
            if (numbers == 0) {
                return "";
            }
            BigDecimal average = sum.divide(BigDecimal.valueOf(numbers), MathContext.DECIMAL64);
            return average.stripTrailingZeros().toPlainString();
        }
    }
}
