package dev.modunest.edge.cache;

import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Default;

import java.nio.file.Path;

/**
 * The disk tier.
 *
 * @param directory owned by this edge alone
 * @param quota of all objects and of what is being filled
 * @param maxObject greater artifacts are passed through
 * @param maxOpenFiles objects whose channel stays open for sendfile
 */
public record DiskSettings(
        @Default("edge-cache") Path directory,
        @Default("10GiB") ByteSize quota,
        @Default("1GiB") ByteSize maxObject,
        @Default("512") int maxOpenFiles) {

    public DiskSettings {
        if (maxOpenFiles < 1) {
            throw new IllegalArgumentException("max_open_files must be above zero");
        }
    }
}
