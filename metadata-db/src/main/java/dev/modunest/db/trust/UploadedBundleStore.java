package dev.modunest.db.trust;

import dev.modunest.format.Digest;

import org.jdbi.v3.core.Handle;

import java.time.Instant;
import java.util.Optional;

/** Bundles that publishers sent ahead of the releases that name them. */
public final class UploadedBundleStore {

    private final Handle handle;

    public UploadedBundleStore(Handle handle) {
        this.handle = handle;
    }

    /** Keeps one; one that is there gets the new time. */
    public void put(Digest digest, long accountId, String bundle, Instant now) {
        handle.createUpdate(
                        """
                        insert into uploaded_bundles (digest, account_id, bundle, created_at)
                        values (:digest, :account, :bundle, :now)
                        on conflict (digest) do update set account_id = excluded.account_id, created_at = excluded.created_at
                        """)
                .bind("digest", digest.hex())
                .bind("account", accountId)
                .bind("bundle", bundle)
                .bind("now", now)
                .execute();
    }

    /** The bundle with that digest. */
    public Optional<String> find(Digest digest) {
        return handle.createQuery("select bundle from uploaded_bundles where digest = :digest")
                .bind("digest", digest.hex())
                .mapTo(String.class)
                .findOne();
    }
}
