package dev.modunest.db;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** Rows on their way into one table by COPY, in its text format (PostgreSQL manual, COPY). */
final class CopyRows implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final Writer rows;

    /**
     * @param columns {@code "plugins (namespace, name)"}
     */
    CopyRows(Handle handle, String columns) {
        try {
            PGConnection connection = handle.getConnection().unwrap(PGConnection.class);
            this.rows =
                    new BufferedWriter(
                            new OutputStreamWriter(
                                    new PGCopyOutputStream(
                                            connection, "copy " + columns + " from stdin", BUFFER),
                                    StandardCharsets.UTF_8),
                            BUFFER);
        } catch (SQLException failed) {
            throw new DatabaseException("COPY does not begin", failed);
        }
    }

    /** A row; values are text, numbers, booleans, times, lists of text, or null. */
    void add(@Nullable Object... values) {
        try {
            for (int column = 0; column < values.length; column++) {
                if (column > 0) {
                    rows.write('\t');
                }
                write(values[column]);
            }
            rows.write('\n');
        } catch (IOException failed) {
            throw refused(failed);
        }
    }

    private void write(@Nullable Object value) throws IOException {
        switch (value) {
            case null -> rows.write("\\N");
            case List<?> list -> escape(array(list));
            default -> escape(value.toString());
        }
    }

    private static String array(List<?> list) {
        return list.stream()
                .map(
                        element ->
                                "\""
                                        + element.toString()
                                                .replace("\\", "\\\\")
                                                .replace("\"", "\\\"")
                                        + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private void escape(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> rows.write("\\\\");
                case '\n' -> rows.write("\\n");
                case '\r' -> rows.write("\\r");
                case '\t' -> rows.write("\\t");
                default -> rows.write(c);
            }
        }
    }

    /** Ends the COPY: constraints are checked and triggers run now. */
    @Override
    public void close() {
        try {
            rows.close();
        } catch (IOException failed) {
            throw refused(failed);
        }
    }

    /** The driver wraps what Postgres said. */
    private static DatabaseException refused(IOException failed) {
        return new DatabaseException(
                "COPY was refused", failed.getCause() == null ? failed : failed.getCause());
    }
}
