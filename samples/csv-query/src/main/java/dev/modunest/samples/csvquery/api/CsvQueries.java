package dev.modunest.samples.csvquery.api;

import java.io.Reader;

/** Answers queries over CSV with a header line (RFC 4180). Thread-safe. */
public interface CsvQueries {

    /** Most rows that a query keeps in memory, groups included: one million. */
    int MAX_ROWS = 1_000_000;

    /**
     * Runs {@code query} over {@code csv}, reading it once to its end.
     *
     * <pre>
     * select * | &lt;item&gt;, ... [where &lt;condition&gt; [and &lt;condition&gt;]...]
     *   [group by &lt;column&gt;, ...] [order by &lt;output column&gt; [asc|desc]] [limit &lt;n&gt;]
     * item       a column, count(*), or sum|avg|min|max(column)
     * condition  column = | != | &lt; | &lt;= | &gt; | &gt;= | contains  value
     * </pre>
     *
     * Words are case-insensitive, columns are not. A value, or a column name that is no word,
     * stands in single quotes, doubled inside. Two values that are both numbers compare as numbers,
     * others as text.
     *
     * @throws QueryException when the query is wrong, or does not fit the columns or values
     */
    Table run(String query, Reader csv);
}
