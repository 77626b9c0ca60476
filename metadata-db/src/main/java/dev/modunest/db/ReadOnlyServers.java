package dev.modunest.db;

import com.zaxxer.hikari.SQLExceptionOverride;

import java.sql.SQLException;

/**
 * A server that says that it is read-only (25006) is no primary: the connection is dropped, so that
 * the next one looks for the primary again. HikariCP itself drops those that broke.
 */
final class ReadOnlyServers implements SQLExceptionOverride {

    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException failure) {
        return "25006".equals(failure.getSQLState())
                ? SQLExceptionOverride.Override.MUST_EVICT
                : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
}
