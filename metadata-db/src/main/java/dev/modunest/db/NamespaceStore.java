package dev.modunest.db;

import dev.modunest.db.identity.NamespaceOwner;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

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
                        select n.owner_account_id, coalesce(a.name, o.name) as owner, n.verified, n.verified_by, n.verified_domain,
                               n.private
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
                                        Optional.ofNullable(row.getString("verified_domain")),
                                        row.getBoolean("private")))
                .findOne();
    }

    /** Whether there is one; until the transaction ends no other changes it or what is in it. */
    public boolean lock(String name) {
        return handle.createQuery(
                        "select name from namespaces where name = :name for no key update")
                .bind("name", name)
                .mapTo(String.class)
                .findOne()
                .isPresent();
    }

    /**
     * Says who is known to have it.
     *
     * @param by administrator, dns or oidc; empty: it is not verified
     */
    public void setVerified(String name, Optional<String> by, Optional<String> domain) {
        handle.createUpdate(
                        """
                        update namespaces
                        set verified = :by::text is not null, verified_by = :by, verified_domain = :domain
                        where name = :name
                        """)
                .bind("name", name)
                .bind("by", by.orElse(null))
                .bind("domain", domain.orElse(null))
                .execute();
    }

    public void setSecret(String name, boolean secret) {
        handle.createUpdate("update namespaces set private = :secret where name = :name")
                .bind("name", name)
                .bind("secret", secret)
                .execute();
    }

    /** Gives it to another owner, who has proved nothing yet. */
    public void setOwner(String name, NamespaceOwner owner) {
        handle.createUpdate(
                        """
                        update namespaces
                        set owner_account_id = :account, owner_organization_id = :organization,
                            verified = false, verified_by = null, verified_domain = null
                        where name = :name
                        """)
                .bind("name", name)
                .bind("account", account(owner))
                .bind("organization", organization(owner))
                .execute();
    }

    public long countOwned(NamespaceOwner owner) {
        return handle.createQuery(
                        """
                        select count(*) from namespaces
                        where owner_account_id = :account or owner_organization_id = :organization
                        """)
                .bind("account", account(owner))
                .bind("organization", organization(owner))
                .mapTo(long.class)
                .one();
    }

    private static @Nullable Long account(NamespaceOwner owner) {
        return owner instanceof NamespaceOwner.AnAccount ? owner.id() : null;
    }

    private static @Nullable Long organization(NamespaceOwner owner) {
        return owner instanceof NamespaceOwner.AnOrganization ? owner.id() : null;
    }

    /** The same as {@link #claim(String, long, Instant)}, for an organisation or in secret too. */
    public boolean claim(String name, NamespaceOwner owner, boolean secret, Instant now) {
        return handle.createUpdate(
                                """
                        insert into namespaces (name, owner_account_id, owner_organization_id, private, created_at)
                        values (:name, :account, :organization, :secret, :now)
                        on conflict (name) do nothing
                        """)
                        .bind("name", name)
                        .bind("account", account(owner))
                        .bind("organization", organization(owner))
                        .bind("secret", secret)
                        .bind("now", now)
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
