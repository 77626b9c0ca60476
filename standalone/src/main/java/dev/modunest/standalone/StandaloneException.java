package dev.modunest.standalone;

/** A command cannot do its work; the message says what to do and is all that the user is shown. */
final class StandaloneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int CANNOT_START = 3;
    private static final int WRONG_USE = 2;
    private static final int REFUSED = 1;

    private final int exitCode;

    StandaloneException(String message) {
        super(message);
        this.exitCode = CANNOT_START;
    }

    StandaloneException(String message, Throwable cause) {
        super(message, cause);
        this.exitCode = CANNOT_START;
    }

    private StandaloneException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    private StandaloneException(String message, Throwable cause, int exitCode) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** A registry refuses what was asked, or what it knows has changed. */
    static StandaloneException refused(String message) {
        return new StandaloneException(message, REFUSED);
    }

    /** A registry does not answer. */
    static StandaloneException refused(String message, Throwable cause) {
        return new StandaloneException(message, cause, REFUSED);
    }

    /** The command was not given what it needs. */
    static StandaloneException wrongUse(String message) {
        return new StandaloneException(message, WRONG_USE);
    }

    int exitCode() {
        return exitCode;
    }
}
