package dev.modunest.loader;

/** None of the required plugins offers a service; a plugin that starts so fails. */
public final class MissingServiceException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public MissingServiceException(String message) {
        super(message);
    }
}
