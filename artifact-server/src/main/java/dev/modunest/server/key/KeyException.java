package dev.modunest.server.key;

/** A key or certificate that cannot be had, with what to do about it. */
public final class KeyException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public KeyException(String message) {
        super(message);
    }

    public KeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
