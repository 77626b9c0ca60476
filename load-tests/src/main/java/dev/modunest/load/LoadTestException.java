package dev.modunest.load;

import org.jspecify.annotations.Nullable;

/** A load test that cannot run; the message is one sentence for the person who started it. */
public final class LoadTestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public LoadTestException(String message) {
        this(message, null);
    }

    /** Without a stack trace: the sentence is all there is to say. */
    public LoadTestException(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}
