package dev.modunest.db.trust;

/** A file below {@code /tuf/}. */
public final class VersionedFile {

    private final String path;
    private final String document;
    private final byte[] content;

    /**
     * @param path below {@code /tuf/}
     * @param document what it is a version of: the version before is replaced by it
     */
    public VersionedFile(String path, String document, byte[] content) {
        this.path = path;
        this.document = document;
        this.content = content.clone();
    }

    public String path() {
        return path;
    }

    public String document() {
        return document;
    }

    public byte[] content() {
        return content.clone();
    }
}
