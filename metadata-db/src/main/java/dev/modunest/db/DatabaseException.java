package dev.modunest.db;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** Postgres did not do what was asked. */
public final class DatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean unavailable;

    DatabaseException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
        this.unavailable = saysUnavailable(cause);
    }

    /** Whether it was out of reach or over its limits, so that the same call may succeed later. */
    public boolean isUnavailable() {
        return unavailable;
    }

    /**
     * SQLSTATE classes 08 (connection), 53 (resources), 57 (operator intervention, timeouts), 55P03
     * (lock timeout), 40 (rollback): PostgreSQL manual, appendix A.
     */
    private static boolean saysUnavailable(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return true;
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                String state = sql.getSQLState();
                return state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("57")
                        || state.startsWith("40")
                        || state.equals("55P03");
            }
        }
        return false;
    }
}
