package dev.modunest.loader.verify;

import dev.modunest.format.Manifest;

import java.nio.ByteBuffer;

/**
 * The bytes of a plugin that {@link Verifier} found to be what the plan names. Class loaders are
 * made of nothing else, and read these bytes, not the file again. Thread-safe.
 */
public final class VerifiedArtifact {

    private final Manifest manifest;
    private final ByteBuffer content;

    VerifiedArtifact(Manifest manifest, ByteBuffer content) {
        this.manifest = manifest;
        this.content = content.asReadOnlyBuffer();
    }

    public Manifest manifest() {
        return manifest;
    }

    /** The jar, from position 0 to the limit; a view of its own for every caller. */
    public ByteBuffer content() {
        return content.duplicate();
    }
}
