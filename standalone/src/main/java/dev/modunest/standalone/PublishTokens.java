package dev.modunest.standalone;

import dev.modunest.format.PluginId;
import dev.modunest.settings.Secret;

import java.io.IOException;

/** Where the token comes from that a plugin is published with. Thread-safe. */
@FunctionalInterface
interface PublishTokens {

    /** There is none, and what to do. */
    final class Refused extends IOException {

        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }
    }

    /** Throws {@link Refused} when there is none. */
    Secret token(PluginId plugin) throws IOException, InterruptedException;
}
