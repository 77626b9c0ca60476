package dev.modunest.loader;

import java.util.List;

/**
 * What a plugin hands over to the one that takes its place, given by {@link Plugin#state}. Called
 * by the engine, one call at a time; {@code docs/loader/reload.md} has an example.
 */
public interface PluginState {

    /** The form that {@link #save} writes and {@link #restore} reads; 0 or more. */
    int version();

    /** Called while nobody uses the plugin, before the other starts. */
    byte[] save() throws Exception;

    /**
     * Called after {@link Plugin#start} and before anybody uses the plugin, with state of {@link
     * #version}. What it throws rolls the exchange back.
     */
    void restore(byte[] state) throws Exception;

    /** How state of other versions becomes state of this one, in as many steps as it takes. */
    default List<Migration> migrations() {
        return List.of();
    }

    /** One step from the form {@code from} to the form {@code to}. */
    record Migration(int from, int to, Step step) {
        public Migration {
            if (from < 0 || to < 0 || from == to) {
                throw new IllegalArgumentException(
                        "a migration leads from one version to another: " + from + " to " + to);
            }
        }
    }

    /** Turns state of one form into state of another. */
    @FunctionalInterface
    interface Step {
        byte[] migrate(byte[] state) throws Exception;
    }
}
