package dev.modunest.edge.cache;

/** The bytes of an artifact in a file, which may still be filling. Thread-safe. */
public interface ByteSource {

    /** How far the file can be trusted. */
    enum State {
        /** More bytes come; what is there is not verified. */
        FILLING,
        /** All bytes are there and match the digest. */
        WHOLE,
        /** No more bytes come, and those that are there must not be used. */
        BROKEN
    }

    /** Bytes that can be read from the beginning of the file. */
    long available();

    State state();

    /**
     * Runs {@code once}, on any thread, as soon as more than {@code seen} bytes are available or
     * the source is no longer filling; perhaps sooner.
     */
    void onChange(long seen, Runnable once);

    /** A source that is whole. */
    static ByteSource whole(long size) {
        return new ByteSource() {
            @Override
            public long available() {
                return size;
            }

            @Override
            public State state() {
                return State.WHOLE;
            }

            @Override
            public void onChange(long seen, Runnable once) {
                throw new IllegalStateException("a whole source does not change");
            }
        };
    }
}
