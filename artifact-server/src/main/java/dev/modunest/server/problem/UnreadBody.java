package dev.modunest.server.problem;

import io.helidon.webserver.CloseConnectionException;

/**
 * Ends a connection whose request was answered before its body was read. What the client still
 * sends must not be taken for its next request, and must be taken in before the connection closes.
 */
public final class UnreadBody extends CloseConnectionException {

    private static final long serialVersionUID = 1L;

    UnreadBody() {
        super("answered before the body was read");
    }
}
