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
import dev.modunest.loader.fetch.Evidence;
import dev.modunest.loader.trust.ReleaseTrust;
import dev.modunest.loader.trust.TrustException;
import dev.modunest.loader.verify.Verification.Remedy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Holds a fetched file against the plan; the only maker of {@link VerifiedArtifact}. */
public final class Verifier {

    /** Bytes that are hashed between two looks at the time. */
    private static final int SLICE = 1 << 20;

    private final ArchiveLimits limits;
    private final Optional<Version> host;
    private final ReleaseTrust trust;
    private final Inspections inspections;

    /**
     * A verifier for one host.
     *
     * @param host the version of the host; empty leaves the host ranges of plugins unchecked
     * @param trust whom the host trusts
     * @param inspections what need not be inspected again
     */
    public Verifier(
            ArchiveLimits limits,
            Optional<Version> host,
            ReleaseTrust trust,
            Inspections inspections) {
        this.limits = limits;
        this.host = host;
        this.trust = trust;
        this.inspections = inspections;
    }

    /** Whether evidence is asked for before {@code step} is verified. */
    public boolean needsEvidence(Plan.Step step) {
        return trust.needsEvidence(step.coordinate().plugin().namespace());
    }

    /**
     * Reads {@code file} once and decides on those bytes.
     *
     * @throws InterruptedIOException when the thread is interrupted; it stays so
     */
    public Verification verify(Plan.Step step, Path file, Evidence evidence, Duration atMost)
            throws IOException {
        try {
            return verify(step, file, evidence, new Patience(atMost));
        } catch (Patience.OverException late) {
            return refused("deadline", String.valueOf(late.getMessage()));
        }
    }

    private Verification verify(Plan.Step step, Path file, Evidence evidence, Patience patience)
            throws IOException {
        long size = Files.size(file);
        if (size != step.size()) {
            return new Verification.Refused(
                    "size-mismatch",
                    "the file has " + size + " bytes and the plan names " + step.size(),
                    Remedy.ARTIFACT);
        }
        return verify(step, ArtifactBytes.read(file, size), evidence, patience);
    }

    private Verification verify(
            Plan.Step step, ByteBuffer bytes, Evidence evidence, Patience patience)
            throws IOException {
        Digest actual = digest(bytes, patience);
        if (!actual.equals(step.digest())) {
            return new Verification.Refused(
                    "digest-mismatch",
                    "the file has " + actual + " and the plan names " + step.digest(),
                    Remedy.ARTIFACT);
        }
        ReleaseTrust.ReleaseCheck check = trust.check(step.coordinate(), actual);
        try {
            check.screen();
            return inspect(step, bytes, actual, check, evidence, patience);
        } catch (TrustException distrusted) {
            return new Verification.Refused(
                    distrusted.code(),
                    distrusted.reason(),
                    distrusted.isByEvidence() ? Remedy.EVIDENCE : Remedy.NONE);
        }
    }

    private static Digest digest(ByteBuffer bytes, Patience patience) throws IOException {
        MessageDigest sha256 = Digest.newMessageDigest();
        for (int from = 0; from < bytes.limit(); from += SLICE) {
            patience.check();
            sha256.update(bytes.slice(from, Math.min(SLICE, bytes.limit() - from)));
        }
        return Digest.finish(sha256);
    }

    private Verification inspect(
            Plan.Step step,
            ByteBuffer bytes,
            Digest digest,
            ReleaseTrust.ReleaseCheck check,
            Evidence evidence,
            Patience patience)
            throws IOException, TrustException {
        Optional<Manifest> known = inspections.find(digest);
        Manifest manifest;
        if (known.isPresent()) {
            manifest = known.get();
        } else {
            BufferStream stream = new BufferStream(bytes.duplicate(), patience);
            switch (PluginArchive.inspect(stream, limits)) {
                case Inspection.Refused refused -> {
                    return refused("archive-refused", text(refused));
                }
                case Inspection.Accepted accepted -> manifest = accepted.manifest();
            }
            inspections.add(digest, manifest);
        }
        Optional<Verification> unfit = unfit(step, manifest);
        return unfit.isPresent()
                ? unfit.get()
                : new Verification.Verified(
                        new VerifiedArtifact(
                                manifest, digest, check.decide(manifest, evidence), bytes));
    }

    /** Why a plugin is not the one that is wanted here. */
    private Optional<Verification> unfit(Plan.Step step, Manifest manifest) {
        if (!manifest.coordinate().equals(step.coordinate())) {
            return Optional.of(
                    refused(
                            "coordinate-mismatch",
                            "the jar calls itself " + manifest.coordinate() + ": resolve again"));
        }
        Optional<String> wiring = wiringFault(step, manifest);
        if (wiring.isPresent()) {
            return Optional.of(refused("requires-mismatch", wiring.get() + ": resolve again"));
        }
        Optional<VersionRange> range = manifest.host();
        if (host.isPresent()
                && range.isPresent()
                && !range.get().containsIncludingPrereleases(host.get())) {
            return Optional.of(
                    refused(
                            "host-mismatch",
                            "it runs on hosts " + range.get() + " and this one is " + host.get()));
        }
        return Optional.empty();
    }

    /** Where the plan wires the plugin to other releases than its manifest asks for. */
    private static Optional<String> wiringFault(Plan.Step step, Manifest manifest) {
        Map<PluginId, Coordinate> wired = new HashMap<>();
        for (Coordinate release : step.requires()) {
            wired.put(release.plugin(), release);
        }
        int asked = 0;
        for (Dependency dependency : manifest.requires()) {
            Optional<String> fault = fault(dependency, wired);
            if (fault.isPresent()) {
                return fault;
            }
            asked += wired.containsKey(dependency.plugin()) ? 1 : 0;
        }
        return asked == wired.size() ? Optional.empty() : Optional.of(unasked(wired, manifest));
    }

    private static String unasked(Map<PluginId, Coordinate> wired, Manifest manifest) {
        Set<PluginId> rest = new TreeSet<>(wired.keySet());
        manifest.requires().forEach(dependency -> rest.remove(dependency.plugin()));
        return "the plan wires it to " + rest + ", which it does not require";
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
        return new Verification.Refused(code, reason, Remedy.NONE);
    }

    private static String text(Inspection.Refused refused) {
        return refused.problems().stream()
                .map(ArchiveProblem::toString)
                .collect(Collectors.joining("; "));
    }
}
