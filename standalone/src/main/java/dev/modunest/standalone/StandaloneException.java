package dev.modunest.standalone;

/** A command cannot do its work; the message says what to do and is all that the user is shown. */
final class StandaloneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int CANNOT_START = 3;
    private static final int WRONG_USE = 2;

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

    /** The command was not given what it needs. */
    static StandaloneException wrongUse(String message) {
        return new StandaloneException(message, WRONG_USE);
    }

    int exitCode() {
        return exitCode;
    }
}
