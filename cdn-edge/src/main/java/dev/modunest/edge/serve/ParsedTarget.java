package dev.modunest.edge.serve;

/** What reading a request target gives. */
public sealed interface ParsedTarget permits RequestTarget, ParsedTarget.Malformed {

    /**
     * The target is ambiguous or not one at all.
     *
     * @param reason one sentence for the client
     */
    record Malformed(String reason) implements ParsedTarget {}
}
