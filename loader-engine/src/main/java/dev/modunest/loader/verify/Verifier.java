package dev.modunest.loader.verify;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.ArchiveProblem;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginArchive;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;
import dev.modunest.format.resolve.Plan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Holds a fetched file against the plan; the only maker of {@link VerifiedArtifact}. */
public final class Verifier {

    private final ArchiveLimits limits;
    private final Optional<Version> host;

    /**
     * A verifier for one host.
     *
     * @param host the version of the host; empty leaves the host ranges of plugins unchecked
     */
    public Verifier(ArchiveLimits limits, Optional<Version> host) {
        this.limits = limits;
        this.host = host;
    }

    /** Reads {@code file} once and decides on those bytes. */
    public Verification verify(Plan.Step step, Path file) throws IOException {
        long size = Files.size(file);
        if (size != step.size()) {
            return new Verification.Refused(
                    "size-mismatch",
                    "the file has " + size + " bytes and the plan names " + step.size(),
                    true);
        }
        return verify(step, ArtifactBytes.read(file, size));
    }

    private Verification verify(Plan.Step step, ByteBuffer bytes) throws IOException {
        MessageDigest sha256 = Digest.newMessageDigest();
        sha256.update(bytes.duplicate());
        Digest actual = Digest.finish(sha256);
        if (!actual.equals(step.digest())) {
            return new Verification.Refused(
                    "digest-mismatch",
                    "the file has " + actual + " and the plan names " + step.digest(),
                    true);
        }
        return switch (PluginArchive.inspect(new BufferStream(bytes.duplicate()), limits)) {
            case Inspection.Refused refused -> refused("archive-refused", text(refused));
            case Inspection.Accepted accepted -> verify(step, accepted.manifest(), bytes);
        };
    }

    private Verification verify(Plan.Step step, Manifest manifest, ByteBuffer bytes) {
        if (!manifest.coordinate().equals(step.coordinate())) {
            return refused(
                    "coordinate-mismatch",
                    "the jar calls itself " + manifest.coordinate() + ": resolve again");
        }
        Optional<String> wiring = wiringFault(step, manifest);
        if (wiring.isPresent()) {
            return refused("requires-mismatch", wiring.get() + ": resolve again");
        }
        Optional<VersionRange> range = manifest.host();
        if (host.isPresent()
                && range.isPresent()
                && !range.get().containsIncludingPrereleases(host.get())) {
            return refused(
                    "host-mismatch",
                    "it runs on hosts " + range.get() + " and this one is " + host.get());
        }
        return new Verification.Verified(new VerifiedArtifact(manifest, bytes));
    }

    /** Where the plan wires the plugin to other releases than its manifest asks for. */
    private static Optional<String> wiringFault(Plan.Step step, Manifest manifest) {
        Map<PluginId, Coordinate> wired = new HashMap<>();
        step.requires().forEach(release -> wired.put(release.plugin(), release));
        Map<PluginId, Dependency> asked = new HashMap<>();
        manifest.requires().forEach(dependency -> asked.put(dependency.plugin(), dependency));
        List<PluginId> unasked =
                wired.keySet().stream().filter(plugin -> !asked.containsKey(plugin)).toList();
        if (!unasked.isEmpty()) {
            return Optional.of("the plan wires it to " + unasked + ", which it does not require");
        }
        return asked.values().stream()
                .flatMap(dependency -> fault(dependency, wired).stream())
                .findFirst();
    }

    private static Optional<String> fault(Dependency dependency, Map<PluginId, Coordinate> wired) {
        Coordinate release = wired.get(dependency.plugin());
        if (release == null) {
            return dependency.optional()
                    ? Optional.empty()
                    : Optional.of("it requires " + dependency + ", which the plan lacks");
        }
        return dependency.range().containsIncludingPrereleases(release.version())
                ? Optional.empty()
                : Optional.of("it requires " + dependency + " and the plan has " + release);
    }

    private static Verification refused(String code, String reason) {
        return new Verification.Refused(code, reason, false);
    }

    private static String text(Inspection.Refused refused) {
        return refused.problems().stream()
                .map(ArchiveProblem::toString)
                .collect(Collectors.joining("; "));
    }
}
