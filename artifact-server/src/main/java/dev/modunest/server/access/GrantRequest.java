package dev.modunest.server.access;

import dev.modunest.format.PluginId;
import dev.modunest.server.auth.Action;
import dev.modunest.server.auth.Role;
import dev.modunest.server.body.JsonBody;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What is to be granted to whom.
 *
 * @param plugin empty: every plugin of the namespace, and the namespace itself
 */
record GrantRequest(
        To to,
        Optional<Role> role,
        Set<Action> actions,
        String namespace,
        Optional<String> plugin,
        Optional<Instant> expiresAt) {

    static final Set<String> FIELDS = Set.of("to", "role", "actions", "plugin", "expires_at");

    /** What an owner has; everything else is the administrators'. */
    private static final Set<Action> GRANTABLE = Role.OWNER.actions();

    /** What there is of a plugin alone. */
    private static final Set<Action> ON_PLUGIN = Role.MAINTAINER.actions();

    /** By name; what it is is looked up later. */
    sealed interface To {
        record AnAccount(String name) implements To {}

        record ATeam(String organization, String name) implements To {}

        record AnOrganization(String name) implements To {}

        record AHost(UUID id) implements To {}
    }

    /** Reads the body; throws a rejection that names what is wrong. */
    static GrantRequest read(String namespace, JsonBody body) {
        Optional<Role> role =
                body.findWord("role", Set.of("owner", "maintainer", "publisher", "reader"))
                        .flatMap(Role::find);
        Set<Action> actions = EnumSet.noneOf(Action.class);
        body.findTexts("actions", GRANTABLE.size()).forEach(text -> actions.add(action(text)));
        if (role.isPresent() != actions.isEmpty()) {
            throw JsonBody.invalid("The body has either role or actions");
        }
        GrantRequest request =
                new GrantRequest(
                        to(body.inner("to", Set.of("account", "team", "organization", "host"))),
                        role,
                        actions,
                        namespace,
                        body.findName("plugin"),
                        body.findInstant("expires_at"));
        request.requireMeaning();
        return request;
    }

    private static Action action(String text) {
        return Action.find(text)
                .filter(GRANTABLE::contains)
                .orElseThrow(
                        () ->
                                JsonBody.invalid(
                                        "'"
                                                + text
                                                + "' is no action that is granted; those are "
                                                + GRANTABLE));
    }

    private static To to(JsonBody to) {
        if (to.object().size() != 1) {
            throw JsonBody.invalid("to has one of account, team, organization and host");
        }
        return to.findName("account")
                .<To>map(To.AnAccount::new)
                .or(() -> to.findName("organization").map(To.AnOrganization::new))
                .or(() -> to.findLine("team", 2 * 64 + 1).map(GrantRequest::team))
                .or(() -> to.findLine("host", 36).map(GrantRequest::host))
                .orElseThrow(
                        () ->
                                JsonBody.invalid(
                                        "to has one of account, team, organization and host"));
    }

    private static To team(String text) {
        try {
            PluginId parts = PluginId.parse(text);
            return new To.ATeam(parts.namespace(), parts.name());
        } catch (IllegalArgumentException malformed) {
            throw JsonBody.invalid("team is organization/team, not '" + text + "'");
        }
    }

    private static To host(String text) {
        try {
            return new To.AHost(UUID.fromString(text));
        } catch (IllegalArgumentException malformed) {
            throw JsonBody.invalid("host is the id of a host, not '" + text + "'");
        }
    }

    private void requireMeaning() {
        if (plugin.isPresent() && !ON_PLUGIN.containsAll(granted())) {
            throw JsonBody.invalid(
                    "On a single plugin are granted the roles maintainer, publisher and reader, or actions of "
                            + ON_PLUGIN);
        }
        if (to instanceof To.AHost && !granted().equals(Role.READER.actions())) {
            throw JsonBody.invalid("To a host is granted the role reader, and nothing else");
        }
    }

    /** All that it gives. */
    Set<Action> granted() {
        return Role.granted(role.map(Role::text), actionTexts());
    }

    List<String> actionTexts() {
        return actions.stream().map(Action::text).toList();
    }

    /** On what, when it is a plugin. */
    Optional<PluginId> pluginId() {
        return plugin.map(name -> new PluginId(namespace, name));
    }
}
