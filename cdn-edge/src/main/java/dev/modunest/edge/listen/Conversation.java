package dev.modunest.edge.listen;

import org.jspecify.annotations.Nullable;

/** What is said on a connection in one protocol; on the event loop of the connection. */
interface Conversation {

    /** Bytes have come. */
    void heard(long now);

    /** Whether no request is under way, and no part of one. */
    boolean isQuiet();

    /**
     * What takes too long.
     *
     * @param reading whether the edge takes what the client sends
     * @param sinceRead milliseconds since the client sent something
     */
    @Nullable Ending overdue(long now, boolean reading, long sinceRead);

    /** The edge is about to stop: the client is told to send no more requests here. */
    void drain();

    /** Ends the connection, with words where the protocol has some. */
    void end(Ending why);
}
