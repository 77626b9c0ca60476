package dev.modunest.edge.cache;

import dev.modunest.format.PluginId;

import java.util.Set;

/** Which changes of the registry outdate a document. */
public sealed interface DocumentScope {

    /** Those of one plugin. */
    record OfPlugin(PluginId plugin) implements DocumentScope {}

    /** Any: lists of plugins, and whatever is not known to be about one plugin alone. */
    record AnyChange() implements DocumentScope {}

    /** None: it never changes, is kept for a time that it names, or is removed by its name. */
    record Named() implements DocumentScope {}

    /** What is signed and dated by itself: the log, its proofs of freshness, certificates. */
    Set<String> SELF_DATED = Set.of("log", "tuf", "pki");

    DocumentScope ANY_CHANGE = new AnyChange();
    DocumentScope NAMED = new Named();

    /**
     * The scope of path and query. Only paths in the one form that clients are told count as those
     * of a plugin: the origin may read an escaped or dotted path as that of another.
     */
    static DocumentScope of(String uri) {
        int query = uri.indexOf('?');
        String[] parts = (query < 0 ? uri : uri.substring(0, query)).split("/", -1);
        if (parts.length == 4 && parts[1].equals("index")) {
            return ofPlugin(parts[2], parts[3]);
        }
        if (parts.length > 2 && SELF_DATED.contains(parts[1]) && isPlain(uri)) {
            return NAMED;
        }
        if (parts.length == 6 && parts[1].equals("artifacts") && isVersionLike(parts[4])) {
            return ofPlugin(parts[2], parts[3]);
        }
        boolean catalogue =
                parts.length >= 6
                        && parts[1].equals("api")
                        && parts[2].equals("v1")
                        && parts[3].equals("plugins")
                        && (parts.length == 6 || (parts.length == 7 && isVersionLike(parts[6])));
        return catalogue ? ofPlugin(parts[4], parts[5]) : ANY_CHANGE;
    }

    private static DocumentScope ofPlugin(String namespace, String name) {
        return PluginId.isPart(namespace) && PluginId.isPart(name)
                ? new OfPlugin(new PluginId(namespace, name))
                : ANY_CHANGE;
    }

    /** Whether the origin reads it as the edge does: no escapes, no dots that lead elsewhere. */
    private static boolean isPlain(String uri) {
        return uri.indexOf('%') < 0 && !uri.contains("/.") && uri.indexOf('?') < 0;
    }

    private static boolean isVersionLike(String text) {
        return !text.isEmpty()
                && Character.isDigit(text.charAt(0))
                && text.chars()
                        .allMatch(
                                c ->
                                        (c >= '0' && c <= '9')
                                                || (c >= 'a' && c <= 'z')
                                                || (c >= 'A' && c <= 'Z')
                                                || c == '.'
                                                || c == '-');
    }
}
