package dev.modunest.load;

/** A load test that cannot run; the message is one sentence for the person who started it. */
public final class LoadTestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** Without cause and stack trace: the sentence is all there is to say. */
    public LoadTestException(String message) {
        super(message, null, false, false);
    }
}
