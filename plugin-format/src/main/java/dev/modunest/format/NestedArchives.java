package dev.modunest.format;

import java.io.IOException;

/**
 * Looks into archives inside an archive, as far as it takes to bound how deep they are and what
 * they unpack to. What is not well-formed in there is data like any other.
 */
final class NestedArchives {

    private final UnpackBudget budget;
    private final int maxDepth;
    private final Findings findings;

    NestedArchives(UnpackBudget budget, ArchiveLimits limits, Findings findings) {
        this.budget = budget;
        this.maxDepth = limits.nestedDepth();
        this.findings = findings;
    }

    /** Whether what comes next begins as an archive does. */
    static boolean isArchive(ArchiveBytes bytes) throws IOException, ArchiveStop {
        return bytes.peekSignature() == LocalHeaders.SIGNATURE;
    }

    /** Reads the archive that {@code bytes} begins with; {@code depth} is how deep it stands. */
    void scan(ArchiveBytes bytes, int depth, String where) throws IOException, ArchiveStop {
        if (depth > maxDepth) {
            findings.add(
                    ArchiveCode.NESTED_TOO_DEEP,
                    where,
                    "archives stand " + depth + " deep; the limit is " + maxDepth);
            return;
        }
        try (EntryContent content = new EntryContent(bytes, budget)) {
            ArchiveBytes inner = new ArchiveBytes(depth + 1, content);
            while (isArchive(bytes)) {
                LocalEntry entry = LocalHeaders.read(bytes);
                if (entry.isEncrypted()
                        || (entry.method != LocalEntry.DEFLATED
                                && (entry.method != LocalEntry.STORED || entry.hasDescriptor()))) {
                    return;
                }
                String name = where + "!/" + entry.shown();
                content.open(entry, name);
                inner.reset(content);
                if (isArchive(inner)) {
                    scan(inner, depth + 1, name);
                }
                inner.drain();
                bytes.skip(content.unusedBytes());
                if (entry.hasDescriptor()) {
                    bytes.skip(16);
                }
            }
        } catch (ArchiveStop stop) {
            if (stop.depth() < depth) {
                throw stop;
            }
        }
    }
}
