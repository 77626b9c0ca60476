package dev.modunest.loader;

/** Whether this JVM can run the engine, which uses structured concurrency, a preview of JDK 25. */
final class SupportedJvm {

    private static final String PROBE = "dev.modunest.loader.lifecycle.LoadScope";

    private SupportedJvm() {}

    static void require() {
        require(PROBE, Runtime.version().feature());
    }

    /** As {@link #require()}, for the class that needs the preview and the JDK that runs. */
    static void require(String probe, int feature) {
        try {
            Class.forName(probe, false, SupportedJvm.class.getClassLoader());
        } catch (UnsupportedClassVersionError refused) {
            throw new UnsupportedOperationException(
                    feature == 25
                            ? "The Modu-Nest loader needs preview features: start java with"
                                    + " --enable-preview."
                            : "The Modu-Nest loader runs on JDK 25 with --enable-preview, not on"
                                    + " JDK "
                                    + feature
                                    + ": start it with a JDK 25.",
                    refused);
        } catch (ClassNotFoundException incomplete) {
            throw new IllegalStateException(
                    "the jar of the loader is incomplete: " + probe + " is missing", incomplete);
        }
    }
}
