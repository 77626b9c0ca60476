package dev.modunest.format;

import java.io.IOException;
import java.io.InputStream;

/** Inspection of a plugin jar, in one pass over its bytes. */
public final class PluginArchive {

    private PluginArchive() {}

    /**
     * Reads {@code archive} to its end and says whether it is a plugin. Bad input is a {@link
     * Inspection.Refused}.
     *
     * @throws IOException only when {@code archive} throws it
     */
    public static Inspection inspect(InputStream archive, ArchiveLimits limits) throws IOException {
        throw new UnsupportedOperationException();
    }
}
