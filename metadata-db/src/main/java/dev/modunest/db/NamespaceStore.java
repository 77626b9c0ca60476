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
                        """
                        select n.owner_account_id, coalesce(a.name, o.name) as owner, n.verified, n.verified_by, n.private
                        from namespaces n
                        left join accounts a on a.id = n.owner_account_id
                        left join organizations o on o.id = n.owner_organization_id
                        where n.name = :name
                        """)
                .bind("name", name)
                .map(
                        (row, context) ->
                                new Namespace(
                                        name,
                                        Optional.ofNullable(
                                                row.getObject("owner_account_id", Long.class)),
                                        row.getString("owner"),
                                        row.getBoolean("verified"),
                                        Optional.ofNullable(row.getString("verified_by")),
                                        row.getBoolean("private")))
                .findOne();
    }

    /** Whether there is such a namespace. */
    public boolean setVerified(String name, boolean verified) {
        return handle.createUpdate(
                                """
                                update namespaces
                                set verified = :verified, verified_domain = null,
                                    verified_by = case when :verified then 'administrator' end
                                where name = :name
                                """)
                        .bind("name", name)
                        .bind("verified", verified)
                        .execute()
                == 1;
    }

    /** Claims the namespace when it is free; says whether it was. */
    public boolean claim(String name, long ownerAccountId, Instant now) {
        return handle.createUpdate(
                                """
                        insert into namespaces (name, owner_account_id, created_at) values (:name, :owner, :now)
                        on conflict (name) do nothing
                        """)
                        .bind("name", name)
                        .bind("owner", ownerAccountId)
                        .bind("now", now)
                        .execute()
                == 1;
    }
}
