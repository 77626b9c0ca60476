package dev.modunest.loader.auth;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.regex.Pattern;

/** One state, whoever looks. Thread-safe. */
final class SharedState {

    static final int MAX_ATTRIBUTES = 32;
    static final int MAX_PATTERNS = 100;

    private static final Pattern NAME = Pattern.compile("[a-z0-9._-]{1,64}");
    private static final int MAX_VALUE = 1_024;

    private final String id;
    private final Viewer owner;
    private final Set<IdPattern> sharedWith = new CopyOnWriteArraySet<>();
    private final Map<String, Map<String, String>> attributes = new HashMap<>();
    private volatile VerifiedUser user;
    private volatile boolean ended;

    /** A state that is shared with nobody yet. */
    SharedState(String id, Viewer owner, VerifiedUser user) {
        this.id = id;
        this.owner = owner;
        this.user = user;
    }

    String id() {
        return id;
    }

    /** {@code namespace/name}, or {@code host}. */
    String owner() {
        return owner.name();
    }

    /** Whether {@code viewer} began it, and not an earlier or later run of the same plugin. */
    boolean isOf(Viewer viewer) {
        return owner.equals(viewer);
    }

    VerifiedUser user() {
        return user;
    }

    void renew(VerifiedUser newer) {
        if (!newer.isSameAs(user)) {
            throw new IllegalArgumentException(
                    "the state is of " + user + " and goes on with that user and session only");
        }
        user = newer;
    }

    boolean isSharedWith(String plugin) {
        return sharedWith.stream().anyMatch(pattern -> pattern.matches(plugin));
    }

    synchronized void share(IdPattern plugins) {
        if (sharedWith.size() == MAX_PATTERNS && !sharedWith.contains(plugins)) {
            throw new IllegalStateException(
                    "the state is shared with " + MAX_PATTERNS + " patterns: use wider ones");
        }
        sharedWith.add(plugins);
    }

    void unshare(IdPattern plugins) {
        sharedWith.remove(plugins);
    }

    synchronized Optional<String> attribute(String by, String name) {
        return Optional.ofNullable(attributes.getOrDefault(by, Map.of()).get(name));
    }

    synchronized void put(String by, String name, String value) {
        if (!NAME.matcher(name).matches() || value.length() > MAX_VALUE) {
            throw new IllegalArgumentException(
                    "an attribute has a name of 1 to 64 characters of a-z0-9._- and a value of at"
                            + " most "
                            + MAX_VALUE);
        }
        Map<String, String> own = attributes.computeIfAbsent(by, _ -> new HashMap<>());
        if (own.size() == MAX_ATTRIBUTES && !own.containsKey(name)) {
            throw new IllegalStateException(
                    by + " has added " + MAX_ATTRIBUTES + " attributes: replace one");
        }
        own.put(name, value);
    }

    boolean ended() {
        return ended;
    }

    /** Whether this call ended it. */
    synchronized boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }
}
