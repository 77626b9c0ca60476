package dev.modunest.loader;

import java.util.List;

/** Nothing could be loaded: there is no plan to carry out. The message says what to change. */
public final class LoaderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final transient List<String> details;

    /**
     * Without further facts.
     *
     * @param code stable, kebab-case, listed in {@code docs/loader/embedding.md}
     */
    public LoaderException(String code, String message) {
        this(code, message, List.of());
    }

    /**
     * With the facts behind it.
     *
     * @param details one line for each fact behind the message
     */
    public LoaderException(String code, String message, List<String> details) {
        super(details.isEmpty() ? message : message + "\n  " + String.join("\n  ", details));
        this.code = code;
        this.details = List.copyOf(details);
    }

    public LoaderException(String code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
        this.details = List.of();
    }

    public String code() {
        return code;
    }

    public List<String> details() {
        return details;
    }
}
