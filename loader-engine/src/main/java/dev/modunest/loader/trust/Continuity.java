package dev.modunest.loader.trust;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Manifest;
import dev.modunest.format.trust.Verdict;
import dev.modunest.format.trust.x509.PublisherCertificate;
import dev.modunest.loader.TrustOptions;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Step 12: a release held against what the plugin was when it was last trusted. What is newer than
 * that takes its place.
 */
final class Continuity {

    private final TrustView view;
    private final Coordinate release;
    private final Findings findings;

    Continuity(TrustView view, Coordinate release, Findings findings) {
        this.view = view;
        this.release = release;
        this.findings = findings;
    }

    void check(Manifest manifest, Optional<Verdict.Trusted> trusted) throws TrustException {
        Optional<PluginRecord> before = view.records().find(release.plugin());
        if (before.isPresent()) {
            checkSigner(before.get(), trusted);
            checkPermissions(before.get(), manifest);
        }
        if (trusted.isPresent()
                && before.map(record -> record.version().compareTo(release.version()) <= 0)
                        .orElse(true)) {
            view.records().note(release.plugin(), record(manifest, trusted.get()));
        }
    }

    private PluginRecord record(Manifest manifest, Verdict.Trusted trusted) {
        return new PluginRecord(
                release.version(),
                trusted.publisher().map(Continuity::signer),
                trusted.level(),
                Set.copyOf(manifest.permissions()),
                trusted.head().checkpoint());
    }

    private static PluginRecord.Signer signer(PublisherCertificate certificate) {
        return new PluginRecord.Signer(
                certificate.identity(), certificate.issuer(), certificate.sourceRepositoryId());
    }

    private void checkSigner(PluginRecord before, Optional<Verdict.Trusted> trusted)
            throws TrustException {
        TrustOptions.Acceptance acceptance = view.options().acceptance();
        boolean lower = trusted.isEmpty() || !trusted.get().level().isAtLeast(before.level());
        if (lower && !acceptance.lostProvenance()) {
            findings.fails(
                    12,
                    Fault.Kind.WRONG,
                    "provenance-lost",
                    release.plugin()
                            + " was at "
                            + before.level()
                            + " and "
                            + release
                            + " is "
                            + trusted.map(now -> "at " + now.level()).orElse("not proven at all")
                            + ": accept it explicitly, or stay with "
                            + before.version());
        }
        Optional<PluginRecord.Signer> now =
                trusted.flatMap(Verdict.Trusted::publisher).map(Continuity::signer);
        if (now.isPresent()
                && before.signer().isPresent()
                && !before.signer().equals(now)
                && !isNamed(now.get())) {
            findings.fails(
                    12,
                    Fault.Kind.WRONG,
                    "identity-changed",
                    release.plugin()
                            + " was signed by "
                            + before.signer().get()
                            + " and "
                            + release
                            + " by "
                            + now.get()
                            + ", whom the signed index does not name");
        }
    }

    /** Whether the signed index names the signer as one who may take over. */
    private boolean isNamed(PluginRecord.Signer signer) {
        return view.entry(release.plugin()) instanceof TrustView.Entry.Known known
                && known.document().identities().contains(signer.identity())
                && signer.repositoryId()
                        .map(known.document().repositoryIds()::contains)
                        .orElse(!known.document().publishingRequired());
    }

    private void checkPermissions(PluginRecord before, Manifest manifest) throws TrustException {
        Set<String> grown = new HashSet<>(manifest.permissions());
        grown.removeAll(before.permissions());
        if (grown.isEmpty()) {
            findings.holds(12, "no more permissions than " + before.version() + " had");
        } else if (!view.options().acceptance().grownCapabilities()) {
            findings.fails(
                    12,
                    Fault.Kind.WRONG,
                    "capabilities-grown",
                    release
                            + " asks for "
                            + grown.stream().sorted().toList()
                            + ", which "
                            + before.version()
                            + " did not: read why, then accept it (--accept-permissions)");
        }
    }
}
