package dev.modunest.loader.verify;

import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.loader.PluginTrust;

import java.nio.ByteBuffer;

/**
 * The bytes of a plugin that {@link Verifier} found to be what the plan names. Class loaders are
 * made of nothing else, and read these bytes, not the file again. Thread-safe.
 */
public final class VerifiedArtifact {

    private final Manifest manifest;
    private final Digest digest;
    private final PluginTrust trust;
    private final ByteBuffer content;

    VerifiedArtifact(Manifest manifest, Digest digest, PluginTrust trust, ByteBuffer content) {
        this.manifest = manifest;
        this.digest = digest;
        this.trust = trust;
        this.content = content.asReadOnlyBuffer();
    }

    public Manifest manifest() {
        return manifest;
    }

    public Digest digest() {
        return digest;
    }

    /** What is proven of it. */
    public PluginTrust trust() {
        return trust;
    }

    /** The jar, from position 0 to the limit; a view of its own for every caller. */
    public ByteBuffer content() {
        return content.duplicate();
    }
}
