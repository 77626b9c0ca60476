package dev.modunest.loader.trust;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.format.Version;
import dev.modunest.format.trust.NamespaceOwner;
import dev.modunest.format.trust.RefusalCode;
import dev.modunest.format.trust.ReleaseEvidence;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.Verdict;
import dev.modunest.format.trust.x509.PublisherCertificate;
import dev.modunest.loader.PluginTrust;
import dev.modunest.loader.TrustMode;
import dev.modunest.loader.TrustOptions;
import dev.modunest.loader.fetch.Evidence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All steps for one release. */
final class FullCheck implements ReleaseTrust.ReleaseCheck {

    private final TrustView view;
    private final Coordinate release;
    private final Digest artifact;
    private final TrustOptions.Scope scope;
    private final Findings findings;

    FullCheck(TrustView view, Coordinate release, Digest artifact) {
        this.view = view;
        this.release = release;
        this.artifact = artifact;
        this.scope = view.options().scopeOf(release.plugin().namespace());
        this.findings = new Findings(scope.mode());
    }

    @Override
    public List<CheckedFact> facts() {
        return findings.facts();
    }

    @Override
    public void screen() throws TrustException {
        if (view.fault().isPresent()) {
            findings.fails(2, view.fault().get());
        }
        switch (view.entry(release.plugin())) {
            case TrustView.Entry.Known known -> screen(known.document());
            case TrustView.Entry.Private _ ->
                    findings.holds(2, "the namespace is private here: the index need not have it");
            case TrustView.Entry.Unknown unknown -> findings.fails(2, unknown.fault());
        }
        Optional<Fault> revoked = view.revocation(release, artifact);
        if (revoked.isPresent()) {
            findings.fails(3, revoked.get());
        }
        Version least = view.options().demands().versions().get(release.plugin());
        if (least != null && release.version().compareTo(least) < 0) {
            findings.fails(
                    3,
                    Fault.Kind.WRONG,
                    "version-too-low",
                    release + " is below " + least + ", the least that this host takes");
        }
        if (view.fault().isEmpty()) {
            findings.holds(3, "neither revoked nor quarantined, by " + view.freshness());
        }
    }

    private void screen(IndexDocument document) throws TrustException {
        IndexDocument.Release known = document.releases().get(release.version());
        if (known == null) {
            findings.fails(
                    2, Fault.Kind.WRONG, "release-unknown", "the signed index has no " + release);
        } else if (!known.digest().equals(artifact)) {
            findings.fails(
                    1,
                    Fault.Kind.DAMAGED,
                    "digest-mismatch",
                    "the signed index names " + known.digest() + " and the file has " + artifact);
        } else {
            findings.holds(1, artifact + " is " + release + " in the signed index");
        }
    }

    @Override
    public PluginTrust decide(Manifest manifest, Evidence evidence) throws TrustException {
        findings.holds(4, "the archive gate accepts these bytes");
        Optional<Verdict.Trusted> trusted = signatures(evidence);
        if (trusted.isPresent()) {
            holdHead(trusted.get());
        }
        checkLevel(trusted);
        checkAge(trusted);
        checkCapabilities(manifest, trusted);
        new Continuity(view, release, findings).check(manifest, trusted);
        return new PluginTrust(
                scope.mode(),
                trusted.map(Verdict.Trusted::level),
                trusted.flatMap(Verdict.Trusted::publisher).map(PublisherCertificate::identity),
                trusted.map(Verdict.Trusted::signed),
                findings.warnings());
    }

    /** Steps 5 to 11. */
    private Optional<Verdict.Trusted> signatures(Evidence evidence) throws TrustException {
        if (view.basis().isEmpty()) {
            return Optional.empty(); // step 2 has said so
        }
        if (evidence.trouble().isPresent()) {
            findings.fails(5, Fault.Kind.MISSING, "evidence-unavailable", evidence.trouble().get());
        }
        if (evidence.publisher().isEmpty() && scope.minimum() != TrustLevel.PS_L1) {
            findings.fails(
                    5,
                    Fault.Kind.MISSING,
                    "signature-missing",
                    "no publisher signed "
                            + release
                            + ": have it signed (modunest sign, then publish) and published anew,"
                            + " or load with --trust audit");
        }
        if (evidence.summary().isEmpty() || evidence.proof().isEmpty()) {
            findings.fails(
                    11,
                    Fault.Kind.MISSING,
                    "vsa-missing",
                    "the registry has no summary of "
                            + release
                            + " with a proof of its log: tell the registry, or load with --trust"
                            + " audit");
            return Optional.empty();
        }
        return verify(evidence, view.basis().get());
    }

    private Optional<Verdict.Trusted> verify(Evidence evidence, TrustBasis basis)
            throws TrustException {
        ReleaseEvidence all =
                new ReleaseEvidence(
                        release,
                        artifact,
                        evidence.publisher(),
                        evidence.summary().orElseThrow(),
                        new String(evidence.proof().orElseThrow().bytes(), StandardCharsets.UTF_8),
                        evidence.further());
        Verdict verdict =
                basis.verifier()
                        .verify(
                                all,
                                owner(basis),
                                basis.judgingTime(
                                        view.isCurrent(),
                                        scope.mode() == TrustMode.STRICT
                                                ? view.options().grace()
                                                : TrustOptions.STALE_LIMIT,
                                        view.options().clock().instant()));
        verdict.facts().forEach(fact -> findings.holds(fact.step().number(), fact.text()));
        return switch (verdict) {
            case Verdict.Trusted trusted -> Optional.of(trusted);
            case Verdict.Refused refused -> {
                findings.fails(
                        refused.step().number(),
                        refused.code() == RefusalCode.VSA_FAILED
                                ? Fault.Kind.REVOKED
                                : Fault.Kind.WRONG,
                        refused.code().text(),
                        refused.reason() + "; " + refused.fix());
                yield Optional.empty();
            }
        };
    }

    private NamespaceOwner owner(TrustBasis basis) {
        return view.entry(release.plugin()) instanceof TrustView.Entry.Known known
                ? known.document().owner(release.plugin())
                : NamespaceOwner.of(basis.registry(), release.plugin().namespace());
    }

    /** Step 9: the log only grew. */
    private void holdHead(Verdict.Trusted trusted) throws TrustException {
        try {
            view.records()
                    .find(release.plugin())
                    .filter(record -> record.version().equals(release.version()))
                    .ifPresent(record -> view.heads().trust(record.head()));
            Optional<Fault> fault = view.heads().hold(trusted.head());
            if (fault.isPresent()) {
                findings.fails(9, fault.get());
            } else {
                findings.holds(9, "that log continues what this host saw of it before");
            }
        } catch (IOException unusable) {
            findings.fails(
                    9,
                    Fault.Kind.WRONG,
                    "trust-state-unusable",
                    "the heads of logs cannot be kept: " + unusable.getMessage());
        }
    }

    private void checkLevel(Optional<Verdict.Trusted> trusted) throws TrustException {
        if (trusted.isPresent() && !trusted.get().level().isAtLeast(scope.minimum())) {
            findings.fails(
                    11,
                    trusted.get().level() == TrustLevel.PS_L0
                            ? Fault.Kind.REVOKED
                            : Fault.Kind.MISSING,
                    RefusalCode.LEVEL_TOO_LOW.text(),
                    "the release is at "
                            + trusted.get().level()
                            + " and its namespace must be at "
                            + scope.minimum());
        }
    }

    private void checkAge(Optional<Verdict.Trusted> trusted) throws TrustException {
        Duration least = view.options().demands().age();
        if (least.isZero()) {
            return;
        }
        Optional<Instant> published =
                view.entry(release.plugin()) instanceof TrustView.Entry.Known known
                        ? Optional.ofNullable(known.document().releases().get(release.version()))
                                .map(IndexDocument.Release::published)
                        : trusted.map(Verdict.Trusted::signed);
        Instant latest = view.options().clock().instant().minus(least);
        if (published.isEmpty() || published.get().isAfter(latest)) {
            findings.fails(
                    12,
                    Fault.Kind.WRONG,
                    "release-too-new",
                    release
                            + " was published "
                            + published.map(Instant::toString).orElse("at no known time")
                            + " and this host waits for "
                            + least);
        }
    }

    private void checkCapabilities(Manifest manifest, Optional<Verdict.Trusted> trusted)
            throws TrustException {
        Optional<List<String>> signed =
                trusted.flatMap(Verdict.Trusted::release).map(said -> said.capabilities());
        List<String> asked = manifest.permissions().stream().sorted().distinct().toList();
        if (signed.isPresent() && !signed.get().equals(asked)) {
            findings.fails(
                    12,
                    Fault.Kind.WRONG,
                    "subject-mismatch",
                    "the publisher signed the capabilities "
                            + signed.get()
                            + " and the manifest asks for "
                            + asked);
        }
    }
}
