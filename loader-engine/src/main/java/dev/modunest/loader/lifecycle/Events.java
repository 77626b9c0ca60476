package dev.modunest.loader.lifecycle;

import dev.modunest.loader.LoaderEvent;
import dev.modunest.loader.log.LoaderLog;

import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** Tells the listener of the host; what it throws is logged and changes nothing. Thread-safe. */
final class Events {

    private final Consumer<LoaderEvent> listener;

    Events(Consumer<LoaderEvent> listener) {
        this.listener = listener;
    }

    void tell(LoaderEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException thrown) {
            LoaderLog.get().log(Level.WARNING, "the listener of the loader threw", thrown);
        }
    }
}
