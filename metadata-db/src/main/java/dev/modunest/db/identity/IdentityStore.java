package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Who accounts are at providers. */
public final class IdentityStore {

    /** A link of an account to a provider's subject. */
    public record Linked(String issuer, String subject, Optional<String> email) {}

    private final Handle handle;

    public IdentityStore(Handle handle) {
        this.handle = handle;
    }

    /** The account of that subject, also one that is disabled. */
    public Optional<Long> findAccount(String issuer, String subject) {
        return handle.createQuery(
                        "select account_id from identities where issuer = :issuer and subject = :subject")
                .bind("issuer", issuer)
                .bind("subject", subject)
                .mapTo(Long.class)
                .findOne();
    }

    /**
     * Links the subject, or notes what the provider says of it now.
     *
     * @param claimsJson a JSON object
     * @return whether it is this account's: a subject stays with its first account
     */
    public boolean put(
            String issuer,
            String subject,
            long accountId,
            Optional<String> email,
            String claimsJson,
            Instant now) {
        return handle.createUpdate(
                                """
                                insert into identities (issuer, subject, account_id, email, claims, created_at, last_seen_at)
                                values (:issuer, :subject, :account, :email, :claims::jsonb, :now, :now)
                                on conflict (issuer, subject) do update
                                set email = excluded.email, claims = excluded.claims, last_seen_at = excluded.last_seen_at
                                where identities.account_id = excluded.account_id
                                """)
                        .bind("issuer", issuer)
                        .bind("subject", subject)
                        .bind("account", accountId)
                        .bind("email", email.orElse(null))
                        .bind("claims", claimsJson)
                        .bind("now", now)
                        .execute()
                == 1;
    }

    public List<Linked> list(long accountId) {
        return handle.createQuery(
                        "select issuer, subject, email from identities where account_id = :account order by created_at, issuer")
                .bind("account", accountId)
                .map(
                        (row, context) ->
                                new Linked(
                                        row.getString("issuer"),
                                        row.getString("subject"),
                                        Optional.ofNullable(row.getString("email"))))
                .list();
    }
}
