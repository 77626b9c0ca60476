package dev.modunest.loader;

import java.lang.reflect.InvocationTargetException;

/**
 * Turns the class that a manifest names as {@code entry_point} into a {@link Plugin}; a host with a
 * plugin interface of its own brings one.
 */
@FunctionalInterface
public interface EntryPointAdapter {

    /** Takes classes that implement {@link Plugin}. */
    EntryPointAdapter DEFAULT =
            entryPoint -> {
                if (!Plugin.class.isAssignableFrom(entryPoint)) {
                    throw new IllegalArgumentException(
                            entryPoint.getName() + " does not implement " + Plugin.class.getName());
                }
                return (Plugin) construct(entryPoint);
            };

    /**
     * Called on the thread that starts the plugin, within the start deadline. What it throws fails
     * the plugin.
     */
    Plugin adapt(Class<?> entryPoint) throws Exception;

    /** Calls the public constructor without parameters and throws what it throws. */
    static Object construct(Class<?> entryPoint) throws Exception {
        try {
            return entryPoint.getConstructor().newInstance();
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (thrown.getCause() instanceof Error cause) {
                throw cause;
            }
            throw thrown;
        }
    }
}
