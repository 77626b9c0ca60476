package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/** Namespaces that are offered to others. */
public final class NamespaceTransferStore {

    private final Handle handle;

    public NamespaceTransferStore(Handle handle) {
        this.handle = handle;
    }

    /** In the place of the offer that there was. */
    public void put(NamespaceTransfer transfer, long offeredBy) {
        @Nullable Long account = null;
        @Nullable Long organization = null;
        switch (transfer.to()) {
            case NamespaceOwner.AnAccount(long id, String _) -> account = id;
            case NamespaceOwner.AnOrganization(long id, String _) -> organization = id;
        }
        handle.createUpdate(
                        """
                        insert into namespace_transfers (namespace, to_account_id, to_organization_id, offered_by, created_at,
                                                         expires_at)
                        values (:namespace, :account, :organization, :by, :created, :expires)
                        on conflict (namespace) do update
                        set to_account_id = excluded.to_account_id, to_organization_id = excluded.to_organization_id,
                            offered_by = excluded.offered_by, created_at = excluded.created_at,
                            expires_at = excluded.expires_at
                        """)
                .bind("namespace", transfer.namespace())
                .bind("account", account)
                .bind("organization", organization)
                .bind("by", offeredBy)
                .bind("created", transfer.createdAt())
                .bind("expires", transfer.expiresAt())
                .execute();
    }

    /** An offer that holds at {@code now}. */
    public Optional<NamespaceTransfer> find(String namespace, Instant now) {
        return handle.createQuery(
                        """
                        select t.to_account_id, t.to_organization_id, coalesce(a.name, o.name) as name, t.created_at,
                               t.expires_at
                        from namespace_transfers t
                        left join accounts a on a.id = t.to_account_id
                        left join organizations o on o.id = t.to_organization_id
                        where t.namespace = :namespace and t.expires_at > :now
                        """)
                .bind("namespace", namespace)
                .bind("now", now)
                .map(
                        (row, context) -> {
                            @Nullable Long account = row.getObject("to_account_id", Long.class);
                            String name = row.getString("name");
                            return new NamespaceTransfer(
                                    namespace,
                                    account == null
                                            ? new NamespaceOwner.AnOrganization(
                                                    row.getLong("to_organization_id"), name)
                                            : new NamespaceOwner.AnAccount(account, name),
                                    row.getTimestamp("created_at").toInstant(),
                                    row.getTimestamp("expires_at").toInstant());
                        })
                .findOne();
    }

    public void delete(String namespace) {
        handle.createUpdate("delete from namespace_transfers where namespace = :namespace")
                .bind("namespace", namespace)
                .execute();
    }
}
