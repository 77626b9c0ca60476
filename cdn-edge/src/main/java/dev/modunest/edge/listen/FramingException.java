package dev.modunest.edge.listen;

/** Why the edge does not read a request; carries the status of its answer. */
final class FramingException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String reason;

    FramingException(HeadScan.Fault fault) {
        super(fault.reason(), null, false, false);
        this.status = fault.status();
        this.reason = fault.reason();
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }
}
