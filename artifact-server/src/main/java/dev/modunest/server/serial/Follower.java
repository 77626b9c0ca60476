package dev.modunest.server.serial;

/** Keeps what it read from the index and is told when that is no longer true. Thread-safe. */
public interface Follower {

    /** What was read of this before the call is not given out after it. */
    void changed(Change change);

    /** The same for everything: which changes there were is not known. */
    void everythingChanged();
}
