package dev.modunest.format.tuf.write;

import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.TargetFile;

/**
 * A file to be written below {@code /tuf/}.
 *
 * <p>All but {@code timestamp.json} never change once they are written.
 */
public final class RepositoryFile {

    private final String path;
    private final byte[] content;

    public RepositoryFile(String path, byte[] content) {
        this.path = path;
        this.content = content;
    }

    /** The content of a target, named with its hash. */
    public static RepositoryFile ofTarget(TargetFile file, byte[] content) {
        return new RepositoryFile(
                Layout.TARGETS_FOLDER + RolePath.ofTarget(file.path(), file.hashes().first()),
                content);
    }

    /** Percent-encoded where that is needed. */
    public String path() {
        return path;
    }

    public byte[] content() {
        return content.clone();
    }

    @Override
    public String toString() {
        return path + ", " + content.length + " bytes";
    }
}
