package dev.modunest.standalone.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A log answered what no log may answer; the evidence shows it to others. */
public final class LogMisbehavedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient ObjectNode evidence;

    LogMisbehavedException(String fault, ObjectNode evidence) {
        super(fault);
        this.evidence = evidence;
    }

    /** What was seen and what is served now, with all signatures. */
    public ObjectNode evidence() {
        return evidence.deepCopy();
    }
}
