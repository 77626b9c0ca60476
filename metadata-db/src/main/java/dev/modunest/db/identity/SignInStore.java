package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.util.Optional;

/** Sign-ins at providers that are under way. */
public final class SignInStore {

    /**
     * A sign-in as it was begun.
     *
     * @param browserSha256 of the cookie of the browser that began it
     * @param sealed the request, which holds secrets
     * @param returnTo where the person wants to go
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Begun(String browserSha256, byte[] sealed, String returnTo) {}

    private final Handle handle;

    public SignInStore(Handle handle) {
        this.handle = handle;
    }

    public void insert(
            String stateSha256, String provider, Begun begun, Instant now, Instant expiresAt) {
        handle.createUpdate(
                        """
                        insert into sign_ins (state_sha256, provider, browser_sha256, sealed, return_to, created_at, expires_at)
                        values (:state, :provider, :browser, :sealed, :return, :now, :expires)
                        """)
                .bind("state", stateSha256)
                .bind("provider", provider)
                .bind("browser", begun.browserSha256())
                .bind("sealed", begun.sealed())
                .bind("return", begun.returnTo())
                .bind("now", now)
                .bind("expires", expiresAt)
                .execute();
    }

    /** Takes it away, so that it is finished once; empty when it is unknown or over. */
    public Optional<Begun> take(String stateSha256, Instant now) {
        return handle.createQuery(
                        """
                        delete from sign_ins where state_sha256 = :state
                        returning browser_sha256, sealed, return_to, expires_at > :now as live
                        """)
                .bind("state", stateSha256)
                .bind("now", now)
                .map(
                        (row, context) ->
                                row.getBoolean("live")
                                        ? Optional.of(
                                                new Begun(
                                                        row.getString("browser_sha256"),
                                                        row.getBytes("sealed"),
                                                        row.getString("return_to")))
                                        : Optional.<Begun>empty())
                .findOne()
                .flatMap(found -> found);
    }
}
