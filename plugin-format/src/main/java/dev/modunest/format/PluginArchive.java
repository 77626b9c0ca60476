package dev.modunest.format;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Inspection of a plugin jar, in one pass over its bytes: {@code docs/format/archive.md}. Memory
 * does not grow with the archive but with the number of its entries, which is bounded.
 */
public final class PluginArchive {

    private PluginArchive() {}

    /**
     * Reads {@code archive} to its end and says whether it is a plugin. Bad input is a {@link
     * Inspection.Refused}.
     *
     * @throws IOException only when {@code archive} throws it
     */
    public static Inspection inspect(InputStream archive, ArchiveLimits limits) throws IOException {
        Findings findings = new Findings();
        try (ArchiveScan scan = new ArchiveScan(archive, limits, findings)) {
            scan.run();
            JarRules.check(scan.entries(), findings);
            Optional<ManifestReader.Read> read = readManifest(scan, findings);
            if (!findings.isEmpty() || read.isEmpty()) {
                return new Inspection.Refused(findings.problems());
            }
            return new Inspection.Accepted(
                    read.get().manifest(),
                    read.get().json(),
                    read.get().unknownFields(),
                    scan.entries().size(),
                    scan.size(),
                    scan.unpackedSize());
        }
    }

    /** The manifest; empty when something is wrong with it, which is then among the findings. */
    private static Optional<ManifestReader.Read> readManifest(ArchiveScan scan, Findings findings) {
        if (!scan.hasManifest()) {
            findings.add(
                    ArchiveCode.MANIFEST_MISSING,
                    Manifest.PATH,
                    "the archive has no entry " + Manifest.PATH);
        }
        Optional<ManifestReader.Read> read =
                scan.manifest().flatMap(bytes -> ManifestReader.read(bytes, findings));
        read.ifPresent(it -> ManifestReader.checkContents(it.manifest(), scan.entries(), findings));
        return read;
    }
}
