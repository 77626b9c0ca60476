package dev.modunest.db.trust;

import java.time.Instant;

/** {@code revoked.json} and the metadata that its keeper signed for it. */
public final class SignedRevocations {

    private final long version;
    private final byte[] document;
    private final byte[] content;
    private final Instant signedAt;

    public SignedRevocations(long version, byte[] document, byte[] content, Instant signedAt) {
        this.version = version;
        this.document = document.clone();
        this.content = content.clone();
        this.signedAt = signedAt;
    }

    public long version() {
        return version;
    }

    /** The metadata of the role. */
    public byte[] document() {
        return document.clone();
    }

    /** {@code revoked.json}. */
    public byte[] content() {
        return content.clone();
    }

    public Instant signedAt() {
        return signedAt;
    }
}
