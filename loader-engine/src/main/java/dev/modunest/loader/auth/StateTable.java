package dev.modunest.loader.auth;

import dev.modunest.loader.log.LoaderLog;

import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

/** The states of a service, and who is told when they end. Thread-safe. */
final class StateTable {

    private static final int ID_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, SharedState> states = new ConcurrentHashMap<>();
    private final Set<PluginUsers> listening = ConcurrentHashMap.newKeySet();
    private final int maxStates;
    private final Predicate<VerifiedUser> current;
    private final Executor listeners;

    /**
     * An empty table.
     *
     * @param maxStates of all owners together; one plugin has at most a quarter
     * @param current whether a user's token has not expired
     * @param listeners where listeners are called
     */
    StateTable(int maxStates, Predicate<VerifiedUser> current, Executor listeners) {
        this.maxStates = maxStates;
        this.current = current;
        this.listeners = listeners;
    }

    synchronized SharedState open(Viewer owner, VerifiedUser user, Set<String> plugins) {
        if (!current.test(user)) {
            throw new IllegalArgumentException("the token of " + user + " has expired");
        }
        requireRoom(owner);
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        SharedState state = new SharedState(Base64Url.encode(id), owner, user);
        plugins.forEach(pattern -> state.share(IdPattern.parse(pattern)));
        states.put(state.id(), state);
        return state;
    }

    private void requireRoom(Viewer owner) {
        if (states.size() >= maxStates) {
            endExpired();
        }
        if (states.size() >= maxStates) {
            throw new IllegalStateException(
                    "there are "
                            + maxStates
                            + " authentication states: end some, or raise maxStates");
        }
        int most = Math.max(1, maxStates / 4);
        if (owner.plugin().isPresent()
                && states.values().stream()
                                .filter(state -> state.owner().equals(owner.name()))
                                .count()
                        >= most) {
            throw new IllegalStateException(
                    owner.name() + " has " + most + " authentication states: end some");
        }
    }

    /** The state {@code id}, whoever asks; one that has expired ends here. */
    Optional<SharedState> find(String id) {
        return Optional.ofNullable(states.get(id)).filter(this::isActive);
    }

    /** Whether it goes on; one that has expired ends here. */
    boolean isActive(SharedState state) {
        if (!state.ended() && !current.test(state.user())) {
            end(state);
        }
        return !state.ended();
    }

    void end(SharedState state) {
        if (!state.end()) {
            return;
        }
        states.remove(state.id());
        for (PluginUsers plugin : listening) {
            if (plugin.viewer().sees(state)) {
                tell(plugin, state.id());
            }
        }
    }

    private void tell(PluginUsers plugin, String id) {
        try {
            listeners.execute(() -> plugin.ended(id));
        } catch (RejectedExecutionException closed) {
            LoaderLog.get()
                    .log(
                            Level.DEBUG,
                            "{0} is not told of an end: all ends",
                            plugin.viewer().name());
        }
    }

    void endExpired() {
        states.values().forEach(this::isActive);
    }

    void endAll() {
        List.copyOf(states.values()).forEach(this::end);
    }

    void endOwnedBy(Viewer owner) {
        states.values().stream().filter(state -> state.isOf(owner)).toList().forEach(this::end);
    }

    void listen(PluginUsers plugin) {
        listening.add(plugin);
    }

    void forget(PluginUsers plugin) {
        listening.remove(plugin);
    }

    int size() {
        return states.size();
    }
}
