package dev.modunest.loader.log;

/**
 * The logger of the loader, looked up when something is logged: a start without trouble has none.
 */
public final class LoaderLog {

    private LoaderLog() {}

    private static final class Holder {
        private static final System.Logger LOGGER = System.getLogger("dev.modunest.loader");
    }

    public static System.Logger get() {
        return Holder.LOGGER;
    }
}
