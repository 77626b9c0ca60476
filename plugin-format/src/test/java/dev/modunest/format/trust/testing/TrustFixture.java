package dev.modunest.format.trust.testing;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.trust.NamespaceOwner;
import dev.modunest.format.trust.ReleaseEvidence;
import dev.modunest.format.trust.ReleaseVerifier;
import dev.modunest.format.trust.TrustLevel;
import dev.modunest.format.trust.TrustPolicy;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.stamp.TimeStampAuthority;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.format.trust.statement.Subject;
import dev.modunest.format.trust.statement.VerificationSummary;
import dev.modunest.format.trust.x509.AuthorityChain;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.RevocationList;
import dev.modunest.format.trust.x509.Validity;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A registry with its authorities, clock and log, and publishers who release there. */
public final class TrustFixture {

    public static final String REGISTRY = "registry.example.com";
    public static final String OIDC_ISSUER = "https://ci.example.org";
    public static final String REPOSITORY_ID = "4711";

    /** Which builds what jobs of {@link #job} sign. */
    public static final String BUILDER = OIDC_ISSUER + "/builders/l2";

    public static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    public static final Coordinate COORDINATE = Coordinate.parse("acme/csv-query@1.2.3");
    public static final byte[] JAR = "the bytes of a jar".getBytes(StandardCharsets.UTF_8);

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Of a {@code policy.json} that the present one supersedes. */
    public static final Digest EARLIER_RULES =
            Digest.ofBytes("earlier rules".getBytes(StandardCharsets.UTF_8));

    /** {@code policy.json}. */
    public static final byte[] RULES =
            ("{\"policy_version\":2,\"supersedes\":[\"" + EARLIER_RULES + "\"]}")
                    .getBytes(StandardCharsets.UTF_8);

    private static final Digest POLICY = Digest.ofBytes(RULES);
    private static final Duration YEAR = Duration.ofDays(365);

    private final TestAuthority rootAuthority =
            TestAuthority.root("O=example,CN=Root R1", START, YEAR.multipliedBy(10));
    private final TestAuthority issuing =
            rootAuthority.issueAuthority(
                    "O=example,CN=Publisher Issuing CA I1",
                    START,
                    YEAR.multipliedBy(2),
                    builder ->
                            builder.addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning)));
    private final TestClock clock = new TestClock(rootAuthority, START, YEAR, TestClock.PROFILE);
    private TestLog log = new TestLog();
    private final Identity registry = identity("https://" + REGISTRY + "/registry");
    private final Identity publisher = identity("https://" + REGISTRY + "/publishers/acme");

    /** A key with its certificate. */
    public record Identity(Signer signer, KeyPair keys, Certificate certificate) {}

    /** What a registry serves of one release. */
    public record Release(
            ReleaseBundle publisherBundle, ReleaseBundle summaryBundle, String logProof) {

        public ReleaseEvidence evidence() {
            return evidence(Digest.ofBytes(JAR));
        }

        public ReleaseEvidence evidence(Digest artifact) {
            return ReleaseEvidence.of(
                    COORDINATE, artifact, publisherBundle.bytes(), summaryBundle.bytes(), logProof);
        }
    }

    /**
     * What a registry serves of a release that a job built.
     *
     * @param second by another key, or by the job's once more
     */
    public record BuiltRelease(
            ReleaseStatement statement,
            Release release,
            ReleaseBundle provenance,
            ReleaseBundle second) {

        public ReleaseEvidence evidence() {
            return new ReleaseEvidence(
                    statement.coordinate(),
                    statement.artifact(),
                    Optional.of(Octets.of(release.publisherBundle().bytes())),
                    Octets.of(release.summaryBundle().bytes()),
                    release.logProof(),
                    List.of(Octets.of(provenance.bytes()), Octets.of(second.bytes())));
        }
    }

    public TestAuthority rootAuthority() {
        return rootAuthority;
    }

    public TestAuthority issuing() {
        return issuing;
    }

    public TestClock clock() {
        return clock;
    }

    public TestLog log() {
        return log;
    }

    /** From now on releases are in this log. */
    public void log(TestLog other) {
        log = other;
    }

    public Identity registry() {
        return registry;
    }

    public Identity publisher() {
        return publisher;
    }

    public Identity identity(String uri) {
        return identity(
                uri, SignatureAlgorithm.ECDSA_P256, profile(uri), NOW.minus(Duration.ofDays(30)));
    }

    /** A certificate of 90 days from {@code start} on. */
    public Identity identity(
            String uri,
            SignatureAlgorithm algorithm,
            TestAuthority.Extending profile,
            Instant start) {
        KeyPair keys = KeyPairSigner.generate(algorithm);
        return new Identity(
                new KeyPairSigner(keys),
                keys,
                issuing.issue(
                        keys.getPublic(),
                        "O=example,CN=" + uri.substring(uri.lastIndexOf('/') + 1),
                        start,
                        start.plus(Duration.ofDays(90)),
                        profile));
    }

    /** A CI job of the namespace {@code acme}. */
    public Identity job(String repositoryId) {
        String uri = "https://" + REGISTRY + "/publishers/acme";
        return identity(
                uri,
                SignatureAlgorithm.ECDSA_P256,
                codeSigning()
                        .and(name(uri))
                        .and(text("1.3.6.1.4.1.57264.1.8", OIDC_ISSUER))
                        .and(text("1.3.6.1.4.1.57264.1.9", BUILDER))
                        .and(text("1.3.6.1.4.1.57264.1.15", repositoryId)),
                NOW.minus(Duration.ofMinutes(5)));
    }

    public static TestAuthority.Extending profile(String uri) {
        return codeSigning()
                .and(name(uri))
                .and(text("1.3.6.1.4.1.57264.1.8", "https://" + REGISTRY));
    }

    public static TestAuthority.Extending codeSigning() {
        return builder -> {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        };
    }

    public static TestAuthority.Extending name(String uri) {
        return builder ->
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(
                                new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
    }

    public static TestAuthority.Extending text(String oid, String text) {
        return builder ->
                builder.addExtension(new ASN1ObjectIdentifier(oid), false, new DERUTF8String(text));
    }

    public TrustedRoot trustedRoot() {
        Validity always = new Validity(START, Optional.empty());
        return new TrustedRoot(
                List.of(
                        new AuthorityChain(
                                List.of(issuing.certificate(), rootAuthority.certificate()),
                                always,
                                PathRules.STRICT)),
                log.keys(always),
                List.of(),
                List.of(
                        new TimeStampAuthority(
                                List.of(clock.certificate(), rootAuthority.certificate()),
                                always,
                                PathRules.STRICT)));
    }

    public TrustPolicy policy() {
        return policy(TrustLevel.PS_L2, 0);
    }

    public TrustPolicy policy(TrustLevel minimum, int quorum) {
        return new TrustPolicy(
                REGISTRY,
                Set.of(POLICY),
                minimum,
                List.of(log.mlDsaKey()),
                log.witnessKeys(),
                quorum,
                Set.of(OIDC_ISSUER + "/builders/"),
                TrustPolicy.SKEW);
    }

    public NamespaceOwner owner() {
        return NamespaceOwner.of(REGISTRY, "acme");
    }

    /** A list that revokes nobody else. */
    public RevocationList revoke(TestAuthority.Revoked... revoked) {
        return issuing.revoke(NOW.minus(Duration.ofHours(1)), Duration.ofDays(1), List.of(revoked));
    }

    public ReleaseVerifier verifier() {
        return new ReleaseVerifier(trustedRoot(), List.of(revoke()), policy());
    }

    /** The release as everybody does it right. */
    public Release release() {
        return release(publisher, statement(JAR), SummaryChange.none(), NOW);
    }

    public static ReleaseStatement statement(byte[] jar) {
        return new ReleaseStatement(
                COORDINATE,
                Digest.ofBytes(jar),
                sha512(jar),
                Digest.ofBytes("{}".getBytes(StandardCharsets.UTF_8)),
                List.of("net.outbound"),
                Optional.of(">=25"));
    }

    public static String sha512(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Changes a summary before it is signed. */
    @FunctionalInterface
    public interface SummaryChange {

        VerificationSummary change(VerificationSummary summary);

        static SummaryChange none() {
            return summary -> summary;
        }
    }

    public Release release(
            Identity by, ReleaseStatement statement, SummaryChange change, Instant now) {
        return release(by, statement, change, 0, now);
    }

    /** The same with so many witnesses. */
    public Release release(
            Identity by,
            ReleaseStatement statement,
            SummaryChange change,
            int witnesses,
            Instant now) {
        ReleaseBundle publisherPart = sign(by, statement.statement());
        ReleaseBundle summaryPart =
                sign(
                        registry,
                        change.change(summary(statement, List.of(publisherPart), now)).statement());
        long first = log.append(publisherPart.logBody());
        long second = log.append(summaryPart.logBody());
        return new Release(
                complete(publisherPart, first, now),
                complete(summaryPart, second, now),
                log.logProof(second, witnesses, now));
    }

    /** How a job says that it built an artifact. */
    public static Statement provenance(Digest artifact, String builder) {
        return new Statement(
                new Subject("csv-query.jar", artifact, Optional.empty()),
                BuildProvenance.TYPE,
                StrictJson.object(
                        """
                        {"buildDefinition": {"buildType": "https://ci.example.org/t",
                           "externalParameters": {}},
                         "runDetails": {"builder": {"id": "%s"}}}
                        """
                                .formatted(builder)));
    }

    /**
     * A release by a job of {@link #REPOSITORY_ID} with provenance, which the registry finds at
     * PS_L4.
     *
     * @param second whether the publisher's own key signed it too
     */
    public BuiltRelease built(
            ReleaseStatement statement,
            String builder,
            boolean second,
            int witnesses,
            Instant now) {
        Identity job = job(REPOSITORY_ID);
        ReleaseBundle first = sign(job, statement.statement());
        ReleaseBundle made = sign(job, provenance(statement.artifact(), builder));
        ReleaseBundle other = sign(second ? publisher : job, statement.statement());
        VerificationSummary found = summary(statement, List.of(), now);
        String file = "https://" + REGISTRY + "/artifacts/" + statement.coordinate().fileName();
        ReleaseBundle vsa =
                sign(
                        registry,
                        new VerificationSummary(
                                        found.coordinate(),
                                        found.artifact(),
                                        found.verifier(),
                                        now,
                                        found.policyUri(),
                                        found.policy(),
                                        List.of(
                                                input(file + ".sigstore.json", first),
                                                input(file + ".provenance.sigstore.json", made),
                                                input(file + ".second.sigstore.json", other)),
                                        true,
                                        List.of("PS_L2", "PS_L4"))
                                .statement());
        List<ReleaseBundle> done = new ArrayList<>();
        long last = -1;
        for (ReleaseBundle part : List.of(first, made, other, vsa)) {
            last = log.append(part.logBody());
            done.add(complete(part, last, now));
        }
        List<ReleaseBundle> bundles = List.copyOf(done);
        return new BuiltRelease(
                statement,
                new Release(bundles.get(0), bundles.get(3), log.logProof(last, witnesses, now)),
                bundles.get(1),
                bundles.get(2));
    }

    private static VerificationSummary.Input input(String uri, ReleaseBundle bundle) {
        return new VerificationSummary.Input(uri, bundle.publisherDigest());
    }

    public static ReleaseBundle sign(Identity by, Statement statement) {
        return new ReleaseBundle(DsseEnvelope.sign(statement, by.signer()), by.certificate());
    }

    public ReleaseBundle complete(ReleaseBundle part, long index, Instant now) {
        return part.with(
                log.entry(index, now),
                List.of(clock.stamp(part.envelope().signature(), now, true)));
    }

    public static VerificationSummary summary(
            ReleaseStatement statement, List<ReleaseBundle> inputs, Instant now) {
        List<VerificationSummary.Input> named = new ArrayList<>();
        for (ReleaseBundle input : inputs) {
            named.add(
                    new VerificationSummary.Input(
                            "https://"
                                    + REGISTRY
                                    + "/attest/sha256/"
                                    + input.publisherDigest().hex(),
                            input.publisherDigest()));
        }
        return new VerificationSummary(
                statement.coordinate(),
                statement.artifact(),
                "https://" + REGISTRY + "/registry",
                now,
                "https://" + REGISTRY + "/tuf/targets/policy.json",
                POLICY,
                named,
                true,
                List.of("PS_L2"));
    }
}
