package dev.modunest.format.tuf.write;

import java.util.List;

/**
 * Files to be written in their order, each before the next, and the state that the repository is
 * then in. Until the last one, {@code timestamp.json}, is written hosts see what was before.
 */
public record Batch(List<RepositoryFile> files, RepositoryState next) {

    public Batch {
        files = List.copyOf(files);
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return files.isEmpty();
    }
}
