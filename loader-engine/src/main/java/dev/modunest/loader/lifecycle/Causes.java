package dev.modunest.loader.lifecycle;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * A chain of exceptions as text. Reports keep no exception of a plugin: it would keep the plugin's
 * classes.
 */
final class Causes {

    private static final int MAX_CAUSES = 20;

    private Causes() {}

    /** One line for each exception, from {@code thrown} to the root cause. */
    static List<String> of(@Nullable Throwable thrown) {
        List<String> lines = new ArrayList<>();
        Throwable cause = thrown;
        while (cause != null && lines.size() < MAX_CAUSES) {
            lines.add(line(cause));
            cause = cause.getCause();
        }
        return lines;
    }

    private static String line(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return text(thrown) + (trace.length == 0 ? "" : " (at " + trace[0] + ")");
    }

    @SuppressWarnings("CatchingUnchecked") // the exception is a plugin's: its text may throw too
    private static String text(Throwable thrown) {
        try {
            return thrown.toString();
        } catch (RuntimeException | StackOverflowError hostile) {
            return thrown.getClass().getName();
        }
    }
}
