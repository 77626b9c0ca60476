package dev.modunest.server.host;

import dev.modunest.server.auth.PluginPattern;
import dev.modunest.server.body.JsonBody;

import java.util.List;

/** What a host may have, as requests write it. */
final class HostPolicy {

    static final int MAX_NAME = 100;
    private static final int MAX_PATTERNS = 100;

    private HostPolicy() {}

    /** Throws a Rejection when one is no pattern. */
    static List<String> patterns(JsonBody body) {
        List<String> patterns = body.texts("patterns", MAX_PATTERNS);
        for (String pattern : patterns) {
            try {
                PluginPattern.parse(pattern);
            } catch (IllegalArgumentException malformed) {
                throw JsonBody.invalid(
                        "'" + pattern + "' is no pattern: " + malformed.getMessage());
            }
        }
        return patterns.stream().distinct().toList();
    }
}
