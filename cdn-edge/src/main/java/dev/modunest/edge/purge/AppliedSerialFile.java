package dev.modunest.edge.purge;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The serial number up to which the objects on disk have been purged, so that a start asks for the
 * events since. May tell less than is true, never more: then events are applied again.
 */
public final class AppliedSerialFile {

    private static final Logger LOG = LoggerFactory.getLogger(AppliedSerialFile.class);

    private final Path file;
    private long written;

    public AppliedSerialFile(Path directory) {
        this.file = directory.resolve("applied-serial");
    }

    /** 0 when it is not known. */
    public long read() {
        try {
            written = Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (IOException | NumberFormatException unreadable) {
            LOG.warn("{} cannot be read; all events are asked for", file, unreadable);
            written = 0;
        }
        return Math.max(0, written);
    }

    /** Blocks. */
    void write(long serial) {
        if (serial == written) {
            return;
        }
        try {
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(next, Long.toString(serial));
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            written = serial;
        } catch (IOException unwritable) {
            LOG.warn("{} cannot be written; the next start applies events again", file, unwritable);
        }
    }
}
