package dev.modunest.loader;

import java.nio.file.Path;

/** Where a host's first trusted root of the registry's TUF repository comes from. */
public sealed interface TrustRoot {

    /** Nowhere: digests and archives are checked, and nobody's word. */
    record Absent() implements TrustRoot {}

    /** A root that came to the host by another way than the registry. */
    record InFile(Path file) implements TrustRoot {}

    /**
     * What the registry shows the first time, {@code /tuf/1.root.json}; from then on no other.
     *
     * @param required whether a load fails when there is none to pin; else it goes on unverified,
     *     which a {@link TrustListener} is told
     */
    record FirstUse(boolean required) implements TrustRoot {}
}
