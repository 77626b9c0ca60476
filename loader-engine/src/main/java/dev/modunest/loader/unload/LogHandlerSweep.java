package dev.modunest.loader.unload;

import dev.modunest.loader.isolate.PluginClassLoader;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** Handlers of {@code java.util.logging} that are of classes of a plugin. */
final class LogHandlerSweep implements Leftovers.Sweep {

    @Override
    public List<String> close(PluginClassLoader loader) {
        if (!loader.hasLinked("java.util.logging.Handler")) {
            return List.of();
        }
        List<String> closed = new ArrayList<>();
        LogManager logs = LogManager.getLogManager();
        for (String name : Collections.list(logs.getLoggerNames())) {
            Logger logger = logs.getLogger(name);
            if (logger == null) {
                continue;
            }
            for (Handler handler : logger.getHandlers()) {
                if (Leftovers.isOf(handler, loader)) {
                    logger.removeHandler(handler);
                    closed.add(
                            "log handler "
                                    + handler.getClass().getName()
                                    + " of '"
                                    + name
                                    + "' was removed");
                }
            }
        }
        return closed;
    }
}
