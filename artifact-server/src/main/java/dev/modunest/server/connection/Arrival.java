package dev.modunest.server.connection;

/** Hears of every piece that comes on the connection while a body is read. */
@FunctionalInterface
public interface Arrival {

    /** Of a body whose arrival nobody bounds. */
    Arrival ANY = (_, _) -> {};

    /**
     * Called on the thread that reads the body; what it throws ends the reading. A chunk is read
     * whole before the body gives of it, and this is called for every piece.
     *
     * @param waitedNanos how long the server waited for these bytes
     */
    void heard(int bytes, long waitedNanos);
}
