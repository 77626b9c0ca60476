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
        return handle.createQuery(
                        "select owner_account_id, verified from namespaces where name = :name")
                .bind("name", name)
                .map(
                        (row, context) ->
                                new Namespace(
                                        name,
                                        row.getLong("owner_account_id"),
                                        row.getBoolean("verified")))
                .findOne();
    }

    /** Whether there is such a namespace. */
    public boolean setVerified(String name, boolean verified) {
        return handle.createUpdate("update namespaces set verified = :verified where name = :name")
                        .bind("name", name)
                        .bind("verified", verified)
                        .execute()
                == 1;
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
