package dev.modunest.server.auth;

import dev.modunest.format.PluginId;

import java.util.List;
import java.util.Optional;

/**
 * What a credential is limited to, {@code <action>:<pattern>}: {@code release.publish:acme/*},
 * {@code *:*}. It limits what the holder may do and gives nothing.
 *
 * @param action empty for every action
 */
public record Scope(Optional<Action> action, PluginPattern pattern) {

    public static final Scope ALL = new Scope(Optional.empty(), PluginPattern.ALL);

    public static final String RULE =
            "a scope is <action>:<pattern>, as in release.publish:acme/* or *:*";

    /** Throws {@link IllegalArgumentException} with the rule that is broken. */
    public static Scope parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("'" + text + "' is no scope: " + RULE);
        }
        String action = text.substring(0, colon);
        Optional<Action> known = Action.find(action);
        if (known.isEmpty() && !action.equals("*")) {
            throw new IllegalArgumentException(
                    "'"
                            + action
                            + "' is no action; actions are * or one of "
                            + List.of(Action.values()));
        }
        return new Scope(known, PluginPattern.parse(text.substring(colon + 1)));
    }

    public static List<Scope> parseAll(List<String> texts) {
        return texts.stream().map(Scope::parse).toList();
    }

    /** What is about no plugin or namespace needs the pattern {@code *}. */
    public boolean covers(Action wanted, Resource resource) {
        return action.filter(only -> only != wanted).isEmpty()
                && switch (resource) {
                    case Resource.OfPlugin(PluginId plugin) -> pattern.matches(plugin);
                    case Resource.OfNamespace(String namespace) ->
                            pattern.coversNamespace(namespace);
                    case Resource.Registry _, Resource.Self _, Resource.OfOrganization _ ->
                            pattern.equals(PluginPattern.ALL);
                };
    }

    /** Whether it covers all that {@code other} covers. */
    public boolean includes(Scope other) {
        return (action.isEmpty() || action.equals(other.action()))
                && pattern.includes(other.pattern());
    }

    @Override
    public String toString() {
        return action.map(Action::text).orElse("*") + ":" + pattern;
    }
}
