package dev.modunest.samples.csvquery.api;

/** A query that cannot be answered; the message says what to change. */
public final class QueryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public QueryException(String message) {
        super(message);
    }

    public QueryException(String message, Throwable cause) {
        super(message, cause);
    }
}
