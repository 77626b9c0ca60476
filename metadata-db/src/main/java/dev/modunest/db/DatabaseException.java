package dev.modunest.db;

import org.jspecify.annotations.Nullable;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLWarning;

/** Postgres did not do what was asked. */
public final class DatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String state;
    private final boolean unavailable;

    DatabaseException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
        this.state = stateOf(cause);
        this.unavailable = saysUnavailable(cause);
    }

    /** Whether it was out of reach or over its limits, so that the same call may succeed later. */
    public boolean isUnavailable() {
        return unavailable;
    }

    /** Whether the connection broke or could not be made: SQLSTATE class 08, 57P01 to 57P05. */
    boolean isConnectionFailure() {
        return state.startsWith("08") || state.startsWith("57P0");
    }

    boolean isStatementTimeout() {
        return state.equals("57014");
    }

    /**
     * SQLSTATE classes 08 (connection), 53 (resources), 57 (operator intervention, timeouts), 55P03
     * (lock timeout), 40 (rollback), 25006 (read-only: not the primary any more): PostgreSQL
     * manual, appendix A. A warning is a commit that no standby confirmed.
     */
    private boolean saysUnavailable(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException || cause instanceof SQLWarning) {
                return true;
            }
        }
        return state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")
                || state.startsWith("40")
                || state.equals("55P03")
                || state.equals("25006");
    }

    private static String stateOf(Throwable thrown) {
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
