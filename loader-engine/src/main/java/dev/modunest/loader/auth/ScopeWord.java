package dev.modunest.loader.auth;

import dev.modunest.format.PluginId;

import java.util.Optional;
import java.util.regex.Pattern;

/** One scope, {@code <action>:<pattern>}: {@code markdown.render:acme/*}. */
record ScopeWord(String action, IdPattern plugins) {

    private static final Pattern ACTION =
            Pattern.compile("[a-z][a-z0-9_-]*(?:\\.[a-z][a-z0-9_-]*)*");

    /** Reads one word; empty when it is no scope, which allows nothing. */
    static Optional<ScopeWord> read(String word) {
        int colon = word.indexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String action = word.substring(0, colon);
        return action.equals("*") || isAction(action)
                ? IdPattern.read(word.substring(colon + 1))
                        .map(plugins -> new ScopeWord(action, plugins))
                : Optional.empty();
    }

    static boolean isAction(String text) {
        return ACTION.matcher(text).matches();
    }

    boolean allows(String wanted, String resource) {
        return (action.equals("*") || action.equals(wanted)) && plugins.matches(resource);
    }

    static boolean isResource(String text) {
        return PluginId.isPart(text) || PluginId.tryParse(text).isPresent();
    }
}
