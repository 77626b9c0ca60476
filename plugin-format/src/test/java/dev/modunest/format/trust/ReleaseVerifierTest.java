package dev.modunest.format.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.bundle.TlogEntry;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.statement.ReleaseStatement;
import dev.modunest.format.trust.statement.VerificationSummary;
import dev.modunest.format.trust.testing.TestAuthority;
import dev.modunest.format.trust.testing.TestLog;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.testing.TrustFixture.Identity;
import dev.modunest.format.trust.testing.TrustFixture.Release;
import dev.modunest.format.trust.testing.TrustFixture.SummaryChange;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.RevocationList;
import dev.modunest.format.trust.x509.RevocationReason;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

class ReleaseVerifierTest {

    private static final TrustFixture FIXTURE = new TrustFixture();
    private static final Release RELEASE = FIXTURE.release();
    private static final ReleaseStatement STATEMENT = TrustFixture.statement(TrustFixture.JAR);
    private static final Instant NOW = TrustFixture.NOW;

    private static Verdict verify(ReleaseEvidence evidence) {
        return FIXTURE.verifier().verify(evidence, FIXTURE.owner(), NOW);
    }

    private static Verdict verify(
            ReleaseEvidence evidence, TrustPolicy policy, NamespaceOwner owner) {
        return new ReleaseVerifier(FIXTURE.trustedRoot(), List.of(FIXTURE.revoke()), policy)
                .verify(evidence, owner, NOW);
    }

    private static void assertRefused(Verdict verdict, RefusalCode code) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused -> {
                            assertThat(refused.code()).as(refused.toString()).isEqualTo(code);
                            assertThat(refused.step()).isEqualTo(code.step());
                            assertThat(refused.toString())
                                    .contains(code.text())
                                    .contains(code.fix());
                        });
    }

    private static void assertTrusted(Verdict verdict, TrustLevel level) {
        assertThat(verdict).isInstanceOf(Verdict.Trusted.class);
        assertThat(((Verdict.Trusted) verdict).level()).isEqualTo(level);
    }

    private static Release by(Identity identity) {
        return FIXTURE.release(identity, STATEMENT, SummaryChange.none(), NOW);
    }

    private static Release with(ReleaseBundle publisher) {
        return new Release(publisher, RELEASE.summaryBundle(), RELEASE.logProof());
    }

    @Test
    void trustsWhatPublisherAndRegistrySigned() {
        assertThat(verify(RELEASE.evidence()))
                .isInstanceOfSatisfying(
                        Verdict.Trusted.class,
                        trusted -> {
                            assertThat(trusted.level()).isEqualTo(TrustLevel.PS_L2);
                            assertThat(trusted.signed()).isEqualTo(NOW);
                            assertThat(trusted.publisher().orElseThrow().identity())
                                    .isEqualTo("https://registry.example.com/publishers/acme");
                            assertThat(trusted.release()).contains(STATEMENT);
                            assertThat(trusted.head().checkpoint().size()).isEqualTo(3);
                            assertThat(trusted.facts())
                                    .extracting(Fact::step)
                                    .contains(Step.values());
                        });
    }

    @ParameterizedTest
    @EnumSource
    void trustsEveryKindOfKey(SignatureAlgorithm algorithm) {
        String uri = "https://registry.example.com/publishers/acme";
        Identity identity =
                FIXTURE.identity(uri, algorithm, TrustFixture.profile(uri), NOW.minusSeconds(60));
        assertTrusted(verify(by(identity).evidence()), TrustLevel.PS_L2);
    }

    @Test
    void theTrustRootIsReadAsItWasWritten() {
        TrustedRoot read = TrustedRoot.parse(FIXTURE.trustedRoot().bytes(), PathRules.STRICT);
        assertThat(read.bytes()).isEqualTo(FIXTURE.trustedRoot().bytes());
        assertTrusted(
                new ReleaseVerifier(read, List.of(FIXTURE.revoke()), FIXTURE.policy())
                        .verify(RELEASE.evidence(), FIXTURE.owner(), NOW),
                TrustLevel.PS_L2);
    }

    @Test
    void refusesOtherBytesAndOtherNames() {
        Digest other = Digest.ofBytes("other bytes".getBytes(StandardCharsets.UTF_8));
        assertRefused(verify(RELEASE.evidence(other)), RefusalCode.SUBJECT_MISMATCH);
        ReleaseEvidence evidence = RELEASE.evidence();
        assertRefused(
                verify(
                        new ReleaseEvidence(
                                Coordinate.parse("acme/csv-query@1.2.4"),
                                evidence.artifact(),
                                evidence.publisherBundle(),
                                evidence.summaryBundle(),
                                evidence.logProof(),
                                List.of())),
                RefusalCode.SUBJECT_MISMATCH);
        assertRefused(
                FIXTURE.verifier()
                        .verify(evidence, NamespaceOwner.of(TrustFixture.REGISTRY, "other"), NOW),
                RefusalCode.IDENTITY_MISMATCH);
    }

    @Test
    void refusesStrangersWithGoodCertificates() {
        assertRefused(
                verify(
                        by(FIXTURE.identity("https://registry.example.com/publishers/evil"))
                                .evidence()),
                RefusalCode.IDENTITY_MISMATCH);
        Release swapped =
                new Release(
                        RELEASE.publisherBundle(), RELEASE.publisherBundle(), RELEASE.logProof());
        assertRefused(verify(swapped.evidence()), RefusalCode.IDENTITY_MISMATCH);
        assertRefused(verify(by(FIXTURE.registry()).evidence()), RefusalCode.IDENTITY_MISMATCH);
    }

    @Test
    void refusesAnotherRoot() {
        assertRefused(
                new TrustFixture().verifier().verify(RELEASE.evidence(), FIXTURE.owner(), NOW),
                RefusalCode.TIME_UNPROVEN);
    }

    @Test
    void refusesWithoutEvidenceOfTime() {
        ReleaseBundle bundle = RELEASE.publisherBundle();
        TlogEntry entry = bundle.logged().orElseThrow();
        TlogEntry silent =
                new TlogEntry(
                        entry.logIndex(),
                        entry.logId(),
                        entry.kind(),
                        entry.version(),
                        entry.integratedTime(),
                        Optional.empty(),
                        entry.proof(),
                        entry.body());
        assertRefused(
                verify(with(bundle.with(silent, List.of())).evidence()), RefusalCode.TIME_UNPROVEN);
        byte[] stamp = FIXTURE.clock().stamp(bundle.envelope().signature(), NOW, false);
        assertTrusted(
                verify(with(bundle.with(silent, List.of(stamp))).evidence()), TrustLevel.PS_L2);
        assertTrusted(verify(with(bundle.with(entry, List.of())).evidence()), TrustLevel.PS_L2);
        byte[] late =
                FIXTURE.clock()
                        .stamp(
                                bundle.envelope().signature(),
                                NOW.plus(Duration.ofMinutes(6)),
                                true);
        assertRefused(
                verify(with(bundle.with(silent, List.of(late))).evidence()),
                RefusalCode.TIME_UNPROVEN);
        byte[] other = FIXTURE.clock().stamp(new byte[] {1}, NOW, true);
        assertRefused(
                verify(with(bundle.with(silent, List.of(other))).evidence()),
                RefusalCode.TIME_UNPROVEN);
        assertRefused(
                verify(with(bundle.with(entry, List.of(new byte[] {0x30, 0}))).evidence()),
                RefusalCode.TIME_UNPROVEN);
    }

    static List<Arguments> revocations() {
        return List.of(
                Arguments.of(true, RevocationReason.KEY_COMPROMISE, NOW.plusSeconds(1)),
                Arguments.of(false, RevocationReason.KEY_COMPROMISE, NOW),
                Arguments.of(true, RevocationReason.SUPERSEDED, NOW.minusSeconds(1)));
    }

    @ParameterizedTest
    @MethodSource("revocations")
    void judgesRevokedKeysByTheTimeOfTheSignature(
            boolean good, RevocationReason reason, Instant invalidity) {
        RevocationList list =
                FIXTURE.revoke(
                        new TestAuthority.Revoked(
                                FIXTURE.publisher().certificate(),
                                NOW.minusSeconds(10),
                                reason,
                                Optional.of(invalidity)));
        Verdict verdict =
                new ReleaseVerifier(FIXTURE.trustedRoot(), List.of(list), FIXTURE.policy())
                        .verify(RELEASE.evidence(), FIXTURE.owner(), NOW);
        if (good) {
            assertTrusted(verdict, TrustLevel.PS_L2);
        } else {
            assertRefused(verdict, RefusalCode.CHAIN_INVALID);
        }
    }

    @Test
    void refusesWithoutACurrentRevocationList() {
        ReleaseVerifier verifier =
                new ReleaseVerifier(FIXTURE.trustedRoot(), List.of(), FIXTURE.policy());
        assertRefused(
                verifier.verify(RELEASE.evidence(), FIXTURE.owner(), NOW),
                RefusalCode.CHAIN_INVALID);
        assertRefused(
                FIXTURE.verifier()
                        .verify(RELEASE.evidence(), FIXTURE.owner(), NOW.plus(Duration.ofDays(2))),
                RefusalCode.CHAIN_INVALID);
    }

    @Test
    void refusesCertificatesOutsideTheirTimeAndProfile() {
        String uri = "https://registry.example.com/publishers/acme";
        Identity future =
                FIXTURE.identity(
                        uri,
                        SignatureAlgorithm.ECDSA_P256,
                        TrustFixture.profile(uri),
                        NOW.plusSeconds(60));
        assertRefused(verify(by(future).evidence()), RefusalCode.CHAIN_INVALID);
        Identity anonymous =
                FIXTURE.identity(
                        uri,
                        SignatureAlgorithm.ECDSA_P256,
                        TrustFixture.codeSigning(),
                        NOW.minusSeconds(60));
        assertRefused(verify(by(anonymous).evidence()), RefusalCode.CHAIN_INVALID);
    }

    @Test
    void refusesWhatIsNotInTheLog() {
        ReleaseBundle bundle = RELEASE.publisherBundle();
        List<byte[]> stamps =
                List.of(FIXTURE.clock().stamp(bundle.envelope().signature(), NOW, true));
        assertRefused(
                verify(
                        with(new ReleaseBundle(
                                        bundle.envelope(),
                                        bundle.certificate(),
                                        Optional.empty(),
                                        stamps.stream().map(Octets::of).toList()))
                                .evidence()),
                RefusalCode.LOG_UNPROVEN);
        TlogEntry foreign = RELEASE.summaryBundle().logged().orElseThrow();
        assertRefused(
                verify(with(bundle.with(foreign, stamps)).evidence()), RefusalCode.LOG_UNPROVEN);
        assertRefused(
                verify(
                        new Release(
                                        bundle,
                                        RELEASE.summaryBundle(),
                                        FIXTURE.log().logProof(1, 0, NOW))
                                .evidence()),
                RefusalCode.LOG_UNPROVEN);
        assertRefused(
                verify(new Release(bundle, RELEASE.summaryBundle(), "garbage").evidence()),
                RefusalCode.LOG_UNPROVEN);
    }

    /** As when a log is followed by that of the next year, with a key of its own. */
    @Test
    void everyLogIsSignedWithItsOwnFurtherKeys() {
        NoteKey next = renamed("registry.example.com/log/2027");
        assertTrusted(withLogKeys(FIXTURE.log().mlDsaKey(), next), TrustLevel.PS_L2);
        assertRefused(withLogKeys(next), RefusalCode.LOG_UNPROVEN);
        assertRefused(
                withLogKeys(FIXTURE.log().mlDsaKey(), renamed(TestLog.NAME)),
                RefusalCode.LOG_UNPROVEN);
    }

    private static NoteKey renamed(String name) {
        return new NoteKey(
                name, NoteKey.Kind.ML_DSA_44_COSIGNATURE, new TestLog().mlDsaKey().key());
    }

    private static Verdict withLogKeys(NoteKey... keys) {
        TrustPolicy policy = FIXTURE.policy();
        return new ReleaseVerifier(
                        FIXTURE.trustedRoot(),
                        List.of(FIXTURE.revoke()),
                        new TrustPolicy(
                                policy.registry(),
                                policy.policies(),
                                policy.minimum(),
                                List.of(keys),
                                policy.witnesses(),
                                policy.quorum(),
                                policy.builders(),
                                policy.skew()))
                .verify(RELEASE.evidence(), FIXTURE.owner(), NOW);
    }

    @Test
    void refusesASignatureOfAnotherKey() {
        Identity publisher = FIXTURE.publisher();
        Identity other = FIXTURE.identity("https://registry.example.com/publishers/acme");
        Release mixed = by(new Identity(other.signer(), other.keys(), publisher.certificate()));
        assertRefused(verify(mixed.evidence()), RefusalCode.SIGNATURE_INVALID);
    }

    @Test
    void refusesMalformedBundles() {
        ReleaseEvidence good = RELEASE.evidence();
        assertRefused(
                verify(
                        ReleaseEvidence.of(
                                good.coordinate(),
                                good.artifact(),
                                "{}".getBytes(StandardCharsets.UTF_8),
                                RELEASE.summaryBundle().bytes(),
                                good.logProof())),
                RefusalCode.BUNDLE_MALFORMED);
    }

    private static VerificationSummary change(
            VerificationSummary s,
            Digest policy,
            List<VerificationSummary.Input> inputs,
            boolean passed) {
        return new VerificationSummary(
                s.coordinate(),
                s.artifact(),
                s.verifier(),
                s.time(),
                s.policyUri(),
                policy,
                inputs,
                passed,
                s.levels());
    }

    static List<Arguments> summaries() {
        Digest other = Digest.ofBytes(new byte[] {1});
        SummaryChange failed = s -> change(s, s.policy(), s.inputs(), false);
        SummaryChange unknown = s -> change(s, other, s.inputs(), true);
        SummaryChange foreign =
                s ->
                        change(
                                s,
                                s.policy(),
                                List.of(new VerificationSummary.Input("https://x", other)),
                                true);
        SummaryChange stranger =
                s ->
                        new VerificationSummary(
                                s.coordinate(),
                                s.artifact(),
                                "https://evil.example/registry",
                                s.time(),
                                s.policyUri(),
                                s.policy(),
                                s.inputs(),
                                true,
                                s.levels());
        SummaryChange elsewhere =
                s ->
                        new VerificationSummary(
                                Coordinate.parse("acme/csv-query@9.9.9"),
                                s.artifact(),
                                s.verifier(),
                                s.time(),
                                s.policyUri(),
                                s.policy(),
                                s.inputs(),
                                true,
                                s.levels());
        SummaryChange blocked =
                s ->
                        new VerificationSummary(
                                s.coordinate(),
                                s.artifact(),
                                s.verifier(),
                                s.time(),
                                s.policyUri(),
                                s.policy(),
                                s.inputs(),
                                true,
                                List.of("PS_L9"));
        return List.of(
                Arguments.of(RefusalCode.VSA_FAILED, failed),
                Arguments.of(RefusalCode.VSA_INVALID, unknown),
                Arguments.of(RefusalCode.VSA_INVALID, foreign),
                Arguments.of(RefusalCode.VSA_INVALID, stranger),
                Arguments.of(RefusalCode.VSA_INVALID, elsewhere),
                Arguments.of(RefusalCode.LEVEL_TOO_LOW, blocked));
    }

    @ParameterizedTest
    @MethodSource("summaries")
    void refusesSummaries(RefusalCode code, SummaryChange change) {
        Release release = FIXTURE.release(FIXTURE.publisher(), STATEMENT, change, NOW);
        assertRefused(verify(release.evidence()), code);
    }

    @Test
    void theRegistryAloneIsLevelOne() {
        ReleaseEvidence good = RELEASE.evidence();
        ReleaseEvidence alone =
                new ReleaseEvidence(
                        good.coordinate(),
                        good.artifact(),
                        Optional.empty(),
                        good.summaryBundle(),
                        good.logProof(),
                        List.of());
        assertRefused(verify(alone), RefusalCode.LEVEL_TOO_LOW);
        assertTrusted(
                verify(alone, FIXTURE.policy(TrustLevel.PS_L1, 0), FIXTURE.owner()),
                TrustLevel.PS_L1);
    }

    @Test
    void needsTheQuorumOfWitnesses() {
        TrustPolicy two = FIXTURE.policy(TrustLevel.PS_L2, 2);
        assertRefused(
                verify(RELEASE.evidence(), two, FIXTURE.owner()), RefusalCode.WITNESSES_MISSING);
        Release release = FIXTURE.release();
        long index = release.summaryBundle().logged().orElseThrow().logIndex();
        Release witnessed =
                new Release(
                        release.publisherBundle(),
                        release.summaryBundle(),
                        FIXTURE.log().logProof(index, 2, NOW));
        assertTrusted(verify(witnessed.evidence(), two, FIXTURE.owner()), TrustLevel.PS_L2);
        assertThatIllegalArgumentException().isThrownBy(() -> FIXTURE.policy(TrustLevel.PS_L2, 4));
        assertThatIllegalArgumentException().isThrownBy(() -> FIXTURE.policy(TrustLevel.PS_L0, 0));
    }

    @Test
    void takesJobsOfThePinnedRepositoryOnly() {
        Release release = by(FIXTURE.job(TrustFixture.REPOSITORY_ID));
        assertRefused(verify(release.evidence()), RefusalCode.IDENTITY_MISMATCH);
        assertTrusted(
                verify(release.evidence(), FIXTURE.policy(), pinned("4711")), TrustLevel.PS_L2);
        assertRefused(
                verify(release.evidence(), FIXTURE.policy(), pinned("4712")),
                RefusalCode.IDENTITY_MISMATCH);
    }

    private static NamespaceOwner pinned(String repositoryId) {
        return new NamespaceOwner(
                "acme",
                Set.of("https://registry.example.com/publishers/acme"),
                Set.of(repositoryId));
    }

    private static ReleaseEvidence built(String builder, boolean second, int witnesses) {
        return FIXTURE.built(STATEMENT, builder, second, witnesses, NOW).evidence();
    }

    @Test
    void levelsGrowWithWhatIsProven() {
        String builder = TrustFixture.BUILDER;
        assertTrusted(
                verify(built(builder, true, 2), FIXTURE.policy(), pinned("4711")),
                TrustLevel.PS_L4);
        assertTrusted(
                verify(built(builder, true, 1), FIXTURE.policy(), pinned("4711")),
                TrustLevel.PS_L3);
        assertTrusted(
                verify(built(builder, false, 2), FIXTURE.policy(), pinned("4711")),
                TrustLevel.PS_L3);
        assertTrusted(
                verify(built("https://evil.example", true, 2), FIXTURE.policy(), pinned("4711")),
                TrustLevel.PS_L2);
    }

    @Test
    void whatFurtherBundlesProveIsTold() {
        Verdict full =
                verify(built(TrustFixture.BUILDER, true, 2), FIXTURE.policy(), pinned("4711"));
        assertThat(full.facts())
                .extracting(Fact::text)
                .anyMatch(text -> text.startsWith("provenance: built by " + TrustFixture.BUILDER))
                .anyMatch(text -> text.startsWith("second signature: with the key "));
        ReleaseEvidence all = built("https://evil.example", false, 2);
        Verdict less = verify(all, FIXTURE.policy(), pinned("4711"));
        assertThat(less.facts())
                .extracting(Fact::text)
                .anyMatch(text -> text.startsWith("provenance that does not count: it names"))
                .anyMatch(text -> text.endsWith("it is of the same key"));
        ReleaseEvidence bare =
                new ReleaseEvidence(
                        all.coordinate(),
                        all.artifact(),
                        all.publisherBundle(),
                        all.summaryBundle(),
                        all.logProof(),
                        List.of());
        assertThat(verify(bare, FIXTURE.policy(), pinned("4711")).facts())
                .extracting(Fact::text)
                .contains("bundles that the registry checked and that are not at hand: 2");
    }

    @Test
    void furtherBundlesMustBeOnesThatTheRegistryChecked() {
        ReleaseEvidence good = RELEASE.evidence();
        ReleaseBundle extra =
                TrustFixture.sign(
                        FIXTURE.publisher(), TrustFixture.provenance(good.artifact(), "https://x"));
        long index = FIXTURE.log().append(extra.logBody());
        ReleaseEvidence more =
                new ReleaseEvidence(
                        good.coordinate(),
                        good.artifact(),
                        good.publisherBundle(),
                        good.summaryBundle(),
                        good.logProof(),
                        List.of(Octets.of(FIXTURE.complete(extra, index, NOW).bytes())));
        assertRefused(verify(more), RefusalCode.VSA_INVALID);
    }

    @Test
    void codesAreSmallWithHyphens() {
        assertThat(RefusalCode.VSA_INVALID.text()).isEqualTo("vsa-invalid");
        assertThat(Step.LOG.number()).isEqualTo(9);
        assertThat(Step.LOG.claim()).isNotEmpty();
        assertThat(TrustLevel.PS_L4.meaning()).isNotEmpty();
    }
}
