package dev.modunest.db;

import java.time.LocalDate;
import java.util.Locale;

/** A table that is cut into partitions by time, in UTC. */
public enum PartitionedTable {
    OUTBOX("created_at", Period.DAY, " 00:00:00+00"),
    DOWNLOADS("day", Period.DAY, ""),
    AUDIT("at", Period.MONTH, " 00:00:00+00");

    /** How much time a partition holds. */
    public enum Period {
        DAY,
        MONTH
    }

    private final String column;
    private final Period period;
    private final String midnight;

    PartitionedTable(String column, Period period, String midnight) {
        this.column = column;
        this.period = period;
        this.midnight = midnight;
    }

    /** The name in the database. */
    public String table() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Period period() {
        return period;
    }

    String column() {
        return column;
    }

    /** Whether rows leave it with their partition only. */
    boolean appendOnly() {
        return this == AUDIT;
    }

    /** Holds what no other partition does. */
    String defaultPartition() {
        return table() + "_default";
    }

    /** The day, in UTC, of a value of the column. */
    String dayOf(String value) {
        return midnight.isEmpty() ? value : "(" + value + " at time zone 'UTC')::date";
    }

    /** The begin of {@code day} as a literal of the column's type. */
    String bound(LocalDate day) {
        return "'" + day + midnight + "'";
    }
}
