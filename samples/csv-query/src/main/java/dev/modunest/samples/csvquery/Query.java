package dev.modunest.samples.csvquery;

import java.util.List;
import java.util.Optional;

/**
 * A parsed query.
 *
 * @param items empty for all columns
 * @param limit most rows of the answer
 */
record Query(
        List<Item> items,
        List<Condition> where,
        List<String> groupBy,
        Optional<Order> order,
        int limit) {

    Query {
        items = List.copyOf(items);
        where = List.copyOf(where);
        groupBy = List.copyOf(groupBy);
    }

    /** One column of the answer. */
    sealed interface Item {

        /** The name of the column of the answer. */
        String label();

        /** The column as it stands, in a group the one that all its rows share. */
        record Plain(String column) implements Item {
            @Override
            public String label() {
                return column;
            }
        }

        /** A figure over the rows of a group; the column is {@code *} for a count. */
        record Aggregate(Function function, String column) implements Item {
            @Override
            public String label() {
                return function.word() + "(" + column + ")";
            }
        }
    }

    /** What an aggregate computes. */
    enum Function {
        COUNT("count"),
        SUM("sum"),
        AVERAGE("avg"),
        LEAST("min"),
        GREATEST("max");

        private final String word;

        Function(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** Rows stay whose value of {@code column} compares so to {@code value}. */
    record Condition(String column, Comparison comparison, String value) {}

    /** How values compare. */
    enum Comparison {
        EQUAL("="),
        UNEQUAL("!="),
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">="),
        CONTAINS("contains");

        private final String word;

        Comparison(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }

        /** An empty value is neither less nor greater than any. */
        boolean holds(String value, String bound) {
            int order = Values.ORDER.compare(value, bound);
            boolean ordered = !value.isEmpty();
            return switch (this) {
                case EQUAL -> order == 0;
                case UNEQUAL -> order != 0;
                case LESS -> ordered && order < 0;
                case AT_MOST -> ordered && order <= 0;
                case GREATER -> ordered && order > 0;
                case AT_LEAST -> ordered && order >= 0;
                case CONTAINS -> value.contains(bound);
            };
        }
    }

    /** Rows are sorted by the column of the answer that is labelled so. */
    record Order(String label, boolean descending) {}

    boolean grouped() {
        return !groupBy.isEmpty() || items.stream().anyMatch(Item.Aggregate.class::isInstance);
    }
}
