package dev.modunest.loader.trust;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.loader.PluginTrust;
import dev.modunest.loader.TrustWarning;
import dev.modunest.loader.fetch.Evidence;

import java.util.List;
import java.util.Optional;

/** Lets everything in that has the right digest and is an archive. */
final class Unverified implements ReleaseTrust, ReleaseTrust.ReleaseCheck {

    @Override
    public ReleaseCheck check(Coordinate release, Digest artifact) {
        return this;
    }

    @Override
    public boolean needsEvidence(String namespace) {
        return false;
    }

    @Override
    public Optional<TrustWarning> takenDown(Coordinate release, Digest artifact) {
        return Optional.empty();
    }

    @Override
    public void save() {}

    @Override
    public void screen() {}

    @Override
    public PluginTrust decide(Manifest manifest, Evidence evidence) {
        return PluginTrust.UNVERIFIED;
    }

    @Override
    public List<CheckedFact> facts() {
        return List.of();
    }
}
