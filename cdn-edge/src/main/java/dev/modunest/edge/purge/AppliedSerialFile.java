package dev.modunest.edge.purge;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * The serial number up to which the objects on disk have been purged, so that a start asks for the
 * events since. May tell less than is true, never more: then events are applied again.
 */
public final class AppliedSerialFile {

    private static final Logger LOG = LoggerFactory.getLogger(AppliedSerialFile.class);

    private final Path file;
    private AppliedSerial written = AppliedSerial.NONE;

    public AppliedSerialFile(Path directory) {
        this.file = directory.resolve("applied-serial");
    }

    /** {@link AppliedSerial#NONE} when it is not known. */
    public AppliedSerial read() {
        try {
            if (Files.exists(file)) {
                written = parse(Files.readString(file).strip());
            }
        } catch (IOException | NumberFormatException | DateTimeException unreadable) {
            LOG.warn("{} cannot be read; all events are asked for", file, unreadable);
        }
        return written;
    }

    private static AppliedSerial parse(String text) {
        int blank = text.indexOf(' ');
        return new AppliedSerial(
                Math.max(0, Long.parseLong(blank < 0 ? text : text.substring(0, blank))),
                blank < 0
                        ? Optional.empty()
                        : Optional.of(Instant.parse(text.substring(blank + 1))));
    }

    /** Blocks. */
    void write(AppliedSerial applied) {
        if (applied.equals(written)) {
            return;
        }
        try {
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(next, applied.serial() + applied.at().map(at -> " " + at).orElse(""));
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            written = applied;
        } catch (IOException unwritable) {
            LOG.warn("{} cannot be written; the next start applies events again", file, unwritable);
        }
    }
}
