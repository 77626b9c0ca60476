package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;

import java.util.List;
import java.util.Optional;

/** By what it is proved who has a namespace: challenges, and what providers say of accounts. */
public final class NamespaceProofStore {

    private final Handle handle;

    public NamespaceProofStore(Handle handle) {
        this.handle = handle;
    }

    /** In the place of the challenge that there was. */
    public void put(NamespaceChallenge challenge) {
        handle.createUpdate(
                        """
                        insert into namespace_challenges (namespace, domain, challenge, created_at, expires_at)
                        values (:namespace, :domain, :challenge, :created, :expires)
                        on conflict (namespace) do update
                        set domain = excluded.domain, challenge = excluded.challenge,
                            created_at = excluded.created_at, expires_at = excluded.expires_at
                        """)
                .bind("namespace", challenge.namespace())
                .bind("domain", challenge.domain())
                .bind("challenge", challenge.challenge())
                .bind("created", challenge.createdAt())
                .bind("expires", challenge.expiresAt())
                .execute();
    }

    public Optional<NamespaceChallenge> find(String namespace) {
        return handle.createQuery(
                        """
                        select domain, challenge, created_at, expires_at from namespace_challenges
                        where namespace = :namespace
                        """)
                .bind("namespace", namespace)
                .map(
                        (row, context) ->
                                new NamespaceChallenge(
                                        namespace,
                                        row.getString("domain"),
                                        row.getString("challenge"),
                                        row.getTimestamp("created_at").toInstant(),
                                        row.getTimestamp("expires_at").toInstant()))
                .findOne();
    }

    public void delete(String namespace) {
        handle.createUpdate("delete from namespace_challenges where namespace = :namespace")
                .bind("namespace", namespace)
                .execute();
    }

    /**
     * What a provider said at the last sign-in of an account.
     *
     * @param claims a JSON object
     */
    public record Said(String issuer, String claims) {}

    /** What each provider said of the account. */
    public List<Said> said(long account) {
        return handle.createQuery(
                        """
                        select issuer, claims::text as claims from identities
                        where account_id = :account order by issuer, subject
                        """)
                .bind("account", account)
                .map((row, context) -> new Said(row.getString("issuer"), row.getString("claims")))
                .list();
    }
}
