package dev.modunest.edge.admin;

/** A request to the administration that is not as it should be; the reason is for the caller. */
final class BadRequestException extends Exception {

    private static final long serialVersionUID = 1;

    private final String reason;

    BadRequestException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** One sentence. */
    String reason() {
        return reason;
    }
}
