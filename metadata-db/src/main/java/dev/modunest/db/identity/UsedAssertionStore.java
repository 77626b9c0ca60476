package dev.modunest.db.identity;

import org.jdbi.v3.core.Handle;

import java.time.Instant;

/** Which assertions and ID tokens were taken, so that none is taken twice (RFC 7523, 3, item 7). */
public final class UsedAssertionStore {

    private final Handle handle;

    public UsedAssertionStore(Handle handle) {
        this.handle = handle;
    }

    /** Whether it is the first use; it is noted. */
    public boolean use(String issuer, String jti, Instant expiresAt) {
        return handle.createUpdate(
                                """
                                insert into used_assertions (issuer, jti, expires_at) values (:issuer, :jti, :expires)
                                on conflict do nothing
                                """)
                        .bind("issuer", issuer)
                        .bind("jti", jti)
                        .bind("expires", expiresAt)
                        .execute()
                == 1;
    }
}
