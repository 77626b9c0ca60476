package dev.modunest.edge.discovery;

import dev.modunest.edge.origin.OriginAddress;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The origin servers that have announced themselves, each for a time. Thread-safe. */
public final class RegisteredOrigins {

    /** Who names these servers. */
    public static final String SOURCE = "registered";

    /** One that has announced itself. */
    public record Registration(String id, OriginAddress address, Instant expiresAt) {}

    /** What became of an announcement. */
    public enum Outcome {
        ADDED,
        RENEWED,
        /** There are as many as there may be. */
        FULL
    }

    private final InstantSource clock;
    private final int max;
    private final Consumer<Collection<OriginAddress>> changed;
    private final Map<String, Registration> registrations = new LinkedHashMap<>();

    /**
     * @param changed takes all servers after every change
     */
    public RegisteredOrigins(
            InstantSource clock, int max, Consumer<Collection<OriginAddress>> changed) {
        this.clock = clock;
        this.max = max;
        this.changed = changed;
    }

    /** Takes a server in, or keeps it in, for {@code ttl}. */
    public synchronized Outcome register(String id, OriginAddress address, Duration ttl) {
        expire();
        boolean known = registrations.containsKey(id);
        if (!known && registrations.size() >= max) {
            return Outcome.FULL;
        }
        registrations.put(id, new Registration(id, address, clock.instant().plus(ttl)));
        tell();
        return known ? Outcome.RENEWED : Outcome.ADDED;
    }

    /** Whether there was one to remove. */
    public synchronized boolean remove(String id) {
        boolean there = registrations.remove(id) != null;
        if (there) {
            tell();
        }
        return there;
    }

    /** Drops those whose time is over. */
    public synchronized void expire() {
        Instant now = clock.instant();
        if (registrations.values().removeIf(each -> !each.expiresAt().isAfter(now))) {
            tell();
        }
    }

    public synchronized List<Registration> all() {
        expire();
        return List.copyOf(registrations.values());
    }

    private void tell() {
        changed.accept(
                registrations.values().stream().map(Registration::address).distinct().toList());
    }
}
