package dev.modunest.loader.lifecycle;

import dev.modunest.loader.LoaderEvent;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Tells the listener of the host; what it throws is logged and changes nothing. Thread-safe. */
final class Events {

    private static final Logger LOG = System.getLogger("dev.modunest.loader");

    private final Consumer<LoaderEvent> listener;

    Events(Consumer<LoaderEvent> listener) {
        this.listener = listener;
    }

    void tell(LoaderEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException thrown) {
            LOG.log(Level.WARNING, "the listener of the loader threw", thrown);
        }
    }
}
