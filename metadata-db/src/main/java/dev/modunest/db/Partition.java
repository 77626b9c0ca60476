package dev.modunest.db;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * The rows of a table from one day to another.
 *
 * @param from the first day
 */
public record Partition(PartitionedTable table, LocalDate from) {

    private static final DateTimeFormatter DAY = DateTimeFormatter.BASIC_ISO_DATE;
    private static final int MONTH_DIGITS = 6;

    public Partition {
        if (table.period() == PartitionedTable.Period.MONTH && from.getDayOfMonth() != 1) {
            throw new IllegalArgumentException(
                    "a partition of " + table + " begins a month, not on " + from);
        }
    }

    /** The one that {@code day} falls into. */
    public static Partition of(PartitionedTable table, LocalDate day) {
        return new Partition(
                table,
                switch (table.period()) {
                    case DAY -> day;
                    case MONTH -> day.withDayOfMonth(1);
                });
    }

    /** The partition of that name; empty when it is not one that the registry made. */
    static Optional<Partition> parse(PartitionedTable table, String name) {
        String prefix = table.table() + "_p";
        if (!name.startsWith(prefix)) {
            return Optional.empty();
        }
        String digits = name.substring(prefix.length());
        try {
            Partition partition =
                    of(
                            table,
                            LocalDate.parse(
                                    digits.length() == MONTH_DIGITS ? digits + "01" : digits, DAY));
            return Optional.of(partition).filter(parsed -> parsed.name().equals(name));
        } catch (DateTimeParseException foreign) {
            return Optional.empty();
        }
    }

    /** The name in the database. */
    public String name() {
        String day = from.format(DAY);
        return table.table()
                + "_p"
                + switch (table.period()) {
                    case DAY -> day;
                    case MONTH -> day.substring(0, MONTH_DIGITS);
                };
    }

    /** The first day after it. */
    public LocalDate to() {
        return switch (table.period()) {
            case DAY -> from.plusDays(1);
            case MONTH -> from.plusMonths(1);
        };
    }

    public Partition next() {
        return new Partition(table, to());
    }
}
