package dev.modunest.format;

import java.util.List;

/** What {@link PluginArchive#inspect} found. */
public sealed interface Inspection {

    /**
     * The archive is a plugin.
     *
     * @param manifestJson the manifest as it stands in the archive
     * @param unknownFields manifest fields that this version does not know, as JSON pointers; kept,
     *     reported
     * @param size bytes read, packed
     * @param unpackedSize bytes of all entries, unpacked
     */
    record Accepted(
            Manifest manifest,
            String manifestJson,
            List<String> unknownFields,
            int entries,
            long size,
            long unpackedSize)
            implements Inspection {}

    /** The archive is refused for every problem listed; never empty. */
    record Refused(List<ArchiveProblem> problems) implements Inspection {
        public Refused {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("a refusal names its problems");
            }
        }
    }
}
