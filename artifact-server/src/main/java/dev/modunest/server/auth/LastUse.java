package dev.modunest.server.auth;

import dev.modunest.db.Database;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.server.periodic.Periodic;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes when tokens and sessions were last used, all at once from time to time, so that a request
 * writes nothing. Thread-safe.
 */
public final class LastUse implements AutoCloseable {

    private final Set<Long> tokens = ConcurrentHashMap.newKeySet();
    private final Set<UUID> sessions = ConcurrentHashMap.newKeySet();
    private final Database database;
    private final InstantSource clock;
    private final Periodic periodic;

    public LastUse(AuthConfig config, Database database, Jobs jobs, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.periodic = jobs.start("last-use", config.lastUse(), config.lastUse(), this::flush);
    }

    void note(Principal.Developer developer) {
        developer.token().ifPresent(tokens::add);
        developer.session().ifPresent(sessions::add);
    }

    private void flush() {
        Set<Long> usedTokens = taken(tokens);
        Set<UUID> usedSessions = taken(sessions);
        if (!usedTokens.isEmpty() || !usedSessions.isEmpty()) {
            database.<Boolean>inTransaction(
                    tx -> {
                        tx.tokens().touch(usedTokens, clock.instant());
                        tx.sessions().touch(usedSessions, clock.instant());
                        return true;
                    });
        }
    }

    private static <T> Set<T> taken(Set<T> used) {
        Set<T> all = new HashSet<>(used);
        used.removeAll(all);
        return all;
    }

    @Override
    public void close() {
        periodic.close();
    }
}
