package dev.modunest.loader;

/** A part of the loading budget, held until it is given back. Thread-safe. */
public interface LoadingSlot extends AutoCloseable {

    /** What the budget is divided by; each kind has permits of its own. */
    enum Kind {
        /** Bytes come over the network. */
        NETWORK,
        /** Bytes are read, hashed and inspected; these slots also take of the memory budget. */
        VERIFICATION,
        /** Classes are loaded and a plugin starts. */
        START
    }

    Kind kind();

    /** Gives it back; a second time does nothing. */
    @Override
    void close();
}
