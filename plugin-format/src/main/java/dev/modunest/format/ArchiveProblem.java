package dev.modunest.format;

/**
 * One thing wrong with an archive or its manifest.
 *
 * @param code stable, kebab-case, listed in {@code docs/format/archive.md}
 * @param where the entry name, or the JSON pointer in the manifest; empty for the whole archive
 * @param detail what was found, the limit and the actual value
 * @param fix what the publisher does about it
 */
public record ArchiveProblem(String code, String where, String detail, String fix) {

    @Override
    public String toString() {
        return code + (where.isEmpty() ? "" : " at " + where) + ": " + detail + ". " + fix;
    }
}
