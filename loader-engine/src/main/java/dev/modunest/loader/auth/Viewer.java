package dev.modunest.loader.auth;

import dev.modunest.format.Manifest;
import dev.modunest.format.PluginId;
import dev.modunest.loader.AuthOptions.StatePolicy;
import dev.modunest.loader.log.LoaderLog;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Who looks at states: the host, or a plugin with its permissions.
 *
 * @param name {@code namespace/name}, or {@code host}
 * @param plugin empty for the host
 * @param permitted the owners whose states its manifest asks for
 * @param gone whether the plugin has stopped, which ends what it had of states; each run of a
 *     plugin has one of its own, which tells two runs apart
 */
record Viewer(
        String name,
        Optional<PluginId> plugin,
        List<IdPattern> permitted,
        StatePolicy policy,
        AtomicBoolean gone) {

    static final Viewer HOST =
            new Viewer("host", Optional.empty(), List.of(), (_, _) -> true, new AtomicBoolean());

    private static final String PERMISSION = "auth.state:";

    Viewer {
        permitted = List.copyOf(permitted);
    }

    /** The plugin of {@code manifest}; empty when it has no permission to look. */
    static Optional<Viewer> of(Manifest manifest, StatePolicy policy) {
        List<IdPattern> permitted =
                manifest.permissions().stream()
                        .filter(permission -> permission.startsWith(PERMISSION))
                        .flatMap(
                                permission ->
                                        IdPattern.read(permission.substring(PERMISSION.length()))
                                                .stream())
                        .toList();
        PluginId plugin = manifest.coordinate().plugin();
        return permitted.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Viewer(
                                plugin.toString(),
                                Optional.of(plugin),
                                permitted,
                                policy,
                                new AtomicBoolean()));
    }

    /** Whether it sees {@code state}: its own, or by permission, sharing and policy together. */
    boolean sees(SharedState state) {
        if (gone.get() || name.equals(state.owner())) {
            return !gone.get();
        }
        return plugin.isPresent()
                && permitted.stream().anyMatch(pattern -> pattern.matches(state.owner()))
                && state.isSharedWith(name)
                && isAllowed(plugin.get(), state.user());
    }

    @SuppressWarnings("CatchingUnchecked") // the policy is the host's, and a fault of it is a no
    private boolean isAllowed(PluginId id, VerifiedUser user) {
        try {
            return policy.maySee(id, user);
        } catch (RuntimeException fault) {
            LoaderLog.get()
                    .log(Level.WARNING, "the state policy threw, " + id + " sees nothing", fault);
            return false;
        }
    }
}
