package dev.modunest.db;

/** Is told what the index is asked, in the thread that asked. Thread-safe. */
@FunctionalInterface
public interface DatabaseObserver {

    /** A statement ran. */
    void executed(ExecutedStatement statement);

    /**
     * A caller got a connection.
     *
     * @param server {@code primary}, or host and port of a replica
     */
    default void acquired(String server, long nanos) {}

    /** A caller got no connection in time. */
    default void timedOut(String server) {}
}
