package dev.modunest.edge.origin;

import java.util.List;

/** Picks one of several servers. Thread-safe. */
interface Chooser {

    /**
     * Picks a server for a request.
     *
     * @param able at least one
     * @param key what is asked for
     */
    <C extends Candidate> C choose(List<C> able, String key);
}
