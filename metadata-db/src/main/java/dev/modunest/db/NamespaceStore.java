package dev.modunest.db;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.util.Optional;

/** Namespaces, by name. */
public final class NamespaceStore {

    private final Handle handle;

    NamespaceStore(Handle handle) {
        this.handle = handle;
    }

    public Optional<Namespace> find(String name) {
        return handle.createQuery("select owner_account_id from namespaces where name = :name")
                .bind("name", name)
                .mapTo(long.class)
                .findOne()
                .map(owner -> new Namespace(name, owner));
    }

    /**
     * Claims the namespace when it is free; the answer is the namespace as it stands, whoever owns
     * it.
     */
    public Namespace insertIfAbsent(String name, long ownerAccountId, Instant now) {
        handle.createUpdate(
                        """
                        insert into namespaces (name, owner_account_id, created_at) values (:name, :owner, :now)
                        on conflict (name) do nothing
                        """)
                .bind("name", name)
                .bind("owner", ownerAccountId)
                .bind("now", now)
                .execute();
        return find(name)
                .orElseThrow(
                        () -> new IllegalStateException("namespaces are never deleted: " + name));
    }
}
