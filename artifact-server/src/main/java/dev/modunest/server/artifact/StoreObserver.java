package dev.modunest.server.artifact;

/** Is told of every call of the storage after it ended, in the thread that made it. Thread-safe. */
@FunctionalInterface
public interface StoreObserver {

    /** How a call ended. */
    enum Outcome {
        OK,
        /** There is no such object, or no such bucket. */
        MISSING,
        FAILED
    }

    /**
     * A call, all its tries together, ended.
     *
     * @param operation as S3 names it, {@code GetObject}
     * @param nanos to the head of the answer for what streams, else to its end
     */
    void called(String operation, Outcome outcome, long nanos);
}
