package dev.modunest.edge.origin;

/** What a choice knows of a server. */
interface Candidate {

    String id();

    /** Requests under way. */
    int load();
}
