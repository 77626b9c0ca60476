package dev.modunest.db;

/**
 * How large a table or one of its partitions is.
 *
 * @param table the table, or the one that it is a partition of
 * @param name its own name, that of {@code table} unless it is a partition
 * @param tableBytes with what is stored out of line
 * @param liveRows as Postgres estimates them
 * @param deadRows as Postgres estimates them
 */
public record TableStatistics(
        String table, String name, long tableBytes, long indexBytes, long liveRows, long deadRows) {

    public boolean isPartition() {
        return !table.equals(name);
    }
}
