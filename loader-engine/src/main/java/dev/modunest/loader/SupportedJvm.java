package dev.modunest.loader;

/** Whether this JVM can run the engine, which uses structured concurrency, a preview of JDK 25. */
final class SupportedJvm {

    private static final String PROBE = "dev.modunest.loader.lifecycle.LoadScope";

    private SupportedJvm() {}

    static void require() {
        require(SupportedJvm.class.getClassLoader(), Runtime.version().feature());
    }

    /**
     * As {@link #require()}, for an engine in {@code engine} and a JDK of version {@code feature}.
     */
    static void require(ClassLoader engine, int feature) {
        try {
            Class.forName(PROBE, false, engine);
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
                    "the jar of the loader is incomplete: " + PROBE + " is missing", incomplete);
        }
    }
}
