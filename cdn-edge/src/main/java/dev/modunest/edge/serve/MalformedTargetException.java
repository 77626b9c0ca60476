package dev.modunest.edge.serve;

/** Says why a request target is refused. */
final class MalformedTargetException extends Exception {

    private static final long serialVersionUID = 1;

    private final String reason;

    MalformedTargetException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
