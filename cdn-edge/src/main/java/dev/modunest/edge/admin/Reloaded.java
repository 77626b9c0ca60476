package dev.modunest.edge.admin;

import java.util.List;

/** What reading the settings again has led to. */
public sealed interface Reloaded {

    /**
     * They are in force as far as they can be.
     *
     * @param applied keys that are other than at the start, and in force
     * @param needRestart keys that are other than at the start, and are not
     */
    record Applied(List<String> applied, List<String> needRestart) implements Reloaded {

        public Applied {
            applied = List.copyOf(applied);
            needRestart = List.copyOf(needRestart);
        }
    }

    /** They have faults, and everything stays as it is. */
    record Refused(String why) implements Reloaded {}
}
