package dev.modunest.loader.cli;

import java.lang.reflect.InvocationTargetException;

/**
 * The main class of the all-in-one jar. Compiled for Java 11, so that a JVM that cannot run the
 * engine still runs this and says what to do.
 */
public final class LoaderMain {

    private static final String COMMAND = "dev.modunest.loader.cli.LoaderCommand";
    private static final int USAGE = 2;

    private LoaderMain() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        try {
            Class.forName(COMMAND, false, LoaderMain.class.getClassLoader());
        } catch (UnsupportedClassVersionError refused) {
            System.err.println(
                    "The Modu-Nest loader runs on JDK 25 or newer, not on JDK "
                            + Runtime.version().feature()
                            + ": start it with a JDK 25.");
            System.exit(USAGE);
        }
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) throws ReflectiveOperationException {
        try {
            return (int)
                    Class.forName(COMMAND)
                            .getMethod("run", String[].class)
                            .invoke(null, (Object) arguments);
        } catch (InvocationTargetException thrown) {
            throw new IllegalStateException(thrown.getCause());
        }
    }
}
