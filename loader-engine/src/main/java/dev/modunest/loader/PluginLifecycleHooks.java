package dev.modunest.loader;

import dev.modunest.format.Coordinate;

/**
 * What a host does at the turns of a plugin's life. Each call is on a thread of its own and ends
 * within {@link LoaderOptions.Deadlines#hook}. What {@code beforeLoad}, {@code afterLoad}, {@code
 * beforeStart} or {@code afterStart} throws fails the plugin with {@code hook-failed}; what the
 * others throw is logged and stands in the report, and the plugin goes on its way. {@code
 * docs/loader/hooks.md} has an example.
 */
public interface PluginLifecycleHooks {

    /** Nothing of it has been fetched. */
    default void beforeLoad(Coordinate plugin) throws Exception {}

    /** Its bytes are here, verified and trusted; none of its code has run. */
    default void afterLoad(Coordinate plugin) throws Exception {}

    /** All that it requires runs. */
    default void beforeStart(Coordinate plugin) throws Exception {}

    /** {@link Plugin#start} has returned; nobody sees the plugin yet. */
    default void afterStart(Coordinate plugin) throws Exception {}

    default void beforeStop(Coordinate plugin) throws Exception {}

    default void afterStop(Coordinate plugin) throws Exception {}

    /** It has stopped; its class loader is still open. */
    default void beforeUnload(Coordinate plugin) throws Exception {}

    default void afterUnload(Coordinate plugin) throws Exception {}

    /**
     * Running plugins are about to be exchanged.
     *
     * @param former what runs and will be stopped
     */
    default void beforeReload(Coordinate former) throws Exception {}

    /**
     * The exchange is over.
     *
     * @param present what runs now: a new release, or after a failure the former one
     */
    default void afterReload(Coordinate present) throws Exception {}
}
