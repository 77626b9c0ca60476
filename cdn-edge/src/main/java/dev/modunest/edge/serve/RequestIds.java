package dev.modunest.edge.serve;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** The id that a request has in logs and problem documents of every process it passes. */
final class RequestIds {

    private static final int MAX_LENGTH = 64;

    private RequestIds() {}

    /** The client's id when it is a safe one, else a new one. */
    static String of(@Nullable String given) {
        return given != null && isSafe(given)
                ? given
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private static boolean isSafe(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean safe =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || (c >= '0' && c <= '9')
                            || c == '.'
                            || c == '_'
                            || c == '-';
            if (!safe) {
                return false;
            }
        }
        return true;
    }
}
