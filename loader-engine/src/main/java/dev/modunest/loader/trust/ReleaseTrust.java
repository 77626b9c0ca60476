package dev.modunest.loader.trust;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.loader.PluginTrust;
import dev.modunest.loader.TrustWarning;
import dev.modunest.loader.fetch.Evidence;

import java.util.List;
import java.util.Optional;

/** The state of trust during one load. Thread-safe. */
public interface ReleaseTrust {

    /** Nothing is known of anybody. */
    ReleaseTrust UNVERIFIED = new Unverified();

    /** Begins with the bytes at hand, which are to be {@code release}. */
    ReleaseCheck check(Coordinate release, Digest artifact);

    /** Whether evidence of the plugins of this namespace is looked at. */
    boolean needsEvidence(String namespace);

    /** Why a release must not run any more. */
    Optional<TrustWarning> takenDown(Coordinate release, Digest artifact);

    /** Keeps what was trusted, durably. */
    void save();

    /** The steps for one release, in their order. Not thread-safe. */
    interface ReleaseCheck {

        /**
         * Steps 1 to 3, before anybody reads the bytes.
         *
         * @throws TrustException when the release is not let in
         */
        void screen() throws TrustException;

        /**
         * Steps 5 to 12, when the archive gate has accepted the bytes.
         *
         * @throws TrustException when the release is not let in
         */
        PluginTrust decide(Manifest manifest, Evidence evidence) throws TrustException;

        /** What holds, also after a refusal. */
        List<CheckedFact> facts();
    }
}
