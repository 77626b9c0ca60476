package dev.modunest.loader.unload;

import dev.modunest.loader.isolate.PluginClassLoader;
import dev.modunest.loader.log.LoaderLog;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * What a plugin left in the JVM when it stopped: threads, timers, JDBC drivers, MBeans, log
 * handlers, thread locals and the like. Each kind is found by the class loader of the plugin.
 */
public final class Leftovers {

    private static final List<Sweep> SWEEPS =
            List.of(
                    new ThreadSweep(),
                    new DriverSweep(),
                    new BeanSweep(),
                    new LogHandlerSweep(),
                    new PlatformSweep(),
                    new InnerSweep());

    private Leftovers() {}

    /** One kind of leftover. */
    interface Sweep {

        /** Removes what is of {@code loader}, and says what it was, one line each. */
        List<String> close(PluginClassLoader loader) throws ReflectiveOperationException;
    }

    /** Removes what is of {@code loader}; a kind that cannot be removed is logged. */
    public static List<String> close(PluginClassLoader loader) {
        List<String> closed = new ArrayList<>();
        for (Sweep sweep : SWEEPS) {
            try {
                closed.addAll(sweep.close(loader));
            } catch (ReflectiveOperationException | RuntimeException | LinkageError failed) {
                LoaderLog.get()
                        .log(
                                Level.WARNING,
                                "cleaning up after " + loader.getName() + " failed",
                                failed);
            }
        }
        return closed;
    }

    /** What keeps {@code loader} from being collected, as far as it can be told. */
    static List<String> holders(ClassLoader loader) {
        List<String> holders = new ArrayList<>(ThreadSweep.users(loader));
        holders.addAll(InnerSweep.blindSpots());
        if (holders.isEmpty()) {
            holders.add(
                    "an object outside the plugin refers to it: a listener in the host, a service"
                            + " that is still kept, or a virtual thread");
        }
        return holders;
    }

    /** Whether {@code object} is of a class of {@code loader}. */
    static boolean isOf(Object object, ClassLoader loader) {
        return loader.equals(object.getClass().getClassLoader());
    }
}
