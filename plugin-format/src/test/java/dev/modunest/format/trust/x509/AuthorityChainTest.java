package dev.modunest.format.trust.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.trust.testing.TestAuthority;
import dev.modunest.format.trust.testing.TestAuthority.Extending;
import dev.modunest.format.trust.testing.TrustFixture;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

class AuthorityChainTest {

    private static final Instant NOW = TrustFixture.NOW;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Validity ALWAYS = new Validity(Instant.EPOCH, Optional.empty());
    private static final Instant START = NOW.minus(Duration.ofDays(100));
    private static final TestAuthority ROOT =
            TestAuthority.root("CN=root", START, Duration.ofDays(1000));

    private static TestAuthority issuing(Extending extending) {
        return ROOT.issueAuthority("CN=issuing", START, Duration.ofDays(500), extending);
    }

    private static Extending nothing() {
        return builder -> {};
    }

    private static AuthorityChain chain(TestAuthority issuing) {
        return new AuthorityChain(
                List.of(issuing.certificate(), ROOT.certificate()), ALWAYS, PathRules.STRICT);
    }

    private static Certificate leaf(TestAuthority issuer, Extending extending) {
        return issuer.issue(
                KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256).getPublic(),
                "O=example,CN=leaf",
                NOW.minus(DAY),
                NOW.plus(DAY),
                extending);
    }

    private static Extending profile() {
        return TrustFixture.profile("https://registry.example.com/publishers/acme");
    }

    private static Optional<String> fault(AuthorityChain chain, Certificate leaf, Instant time) {
        return chain.faultOf(leaf, time, Oids.CODE_SIGNING);
    }

    @Test
    void acceptsWhatTheAuthorityIssued() {
        TestAuthority issuing = issuing(nothing());
        assertThat(fault(chain(issuing), leaf(issuing, profile()), NOW)).isEmpty();
    }

    @Test
    void looksAtEveryCertificateAtTheTimeThatIsAskedFor() {
        TestAuthority issuing = issuing(nothing());
        Certificate leaf = leaf(issuing, profile());
        assertThat(fault(chain(issuing), leaf, NOW.plus(DAY))).isEmpty();
        assertThat(fault(chain(issuing), leaf, NOW.plus(DAY).plusSeconds(1))).isPresent();
        assertThat(fault(chain(issuing), leaf, NOW.minus(DAY).minusSeconds(1))).isPresent();
        AuthorityChain distrusted =
                new AuthorityChain(
                        chain(issuing).certificates(),
                        Validity.of(Instant.EPOCH, NOW.minusSeconds(1)),
                        PathRules.STRICT);
        assertThat(fault(distrusted, leaf, NOW))
                .hasValueSatisfying(s -> assertThat(s).contains("trusted for"));
        TestAuthority expired =
                ROOT.issueAuthority("CN=issuing", START, Duration.ofDays(50), nothing());
        assertThat(fault(chain(expired), leaf(expired, profile()), NOW)).isPresent();
    }

    @Test
    void refusesAnotherAuthorityOfTheSameName() {
        Certificate leaf = leaf(issuing(nothing()), profile());
        AuthorityChain other = chain(issuing(nothing()));
        assertThat(other.isNamedBy(leaf)).isFalse();
        assertThat(fault(other, leaf, NOW)).isPresent();
    }

    @Test
    void refusesAChangedSignature() {
        TestAuthority issuing = issuing(nothing());
        byte[] der = leaf(issuing, profile()).der();
        der[der.length - 1] ^= 1;
        assertThat(fault(chain(issuing), Certificate.parse(der), NOW))
                .hasValueSatisfying(fault -> assertThat(fault).contains("not signed"));
    }

    static List<Arguments> leaves() {
        return List.of(
                Arguments.of("a CA", TestAuthority.ca(0)),
                Arguments.of("no purpose", TrustFixture.name("https://a.example/x")),
                Arguments.of(
                        "an unknown critical extension",
                        profile()
                                .and(
                                        b ->
                                                b.addExtension(
                                                        new ASN1ObjectIdentifier("1.2.3.4"),
                                                        true,
                                                        DERNull.INSTANCE))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("leaves")
    void refusesLeaves(String what, Extending extending) {
        TestAuthority issuing = issuing(nothing());
        assertThat(fault(chain(issuing), leaf(issuing, extending), NOW)).as(what).isPresent();
    }

    private static Extending constraints(boolean permitted, GeneralName base) {
        GeneralSubtree[] subtrees = {new GeneralSubtree(base)};
        return builder ->
                builder.addExtension(
                        Extension.nameConstraints,
                        true,
                        permitted
                                ? new NameConstraints(subtrees, null)
                                : new NameConstraints(null, subtrees));
    }

    static List<Arguments> constrained() {
        int uri = GeneralName.uniformResourceIdentifier;
        return List.of(
                Arguments.of(true, constraints(true, new GeneralName(uri, "registry.example.com"))),
                Arguments.of(true, constraints(true, new GeneralName(uri, ".example.com"))),
                Arguments.of(false, constraints(true, new GeneralName(uri, "example.com"))),
                Arguments.of(false, constraints(false, new GeneralName(uri, ".example.com"))),
                Arguments.of(true, constraints(false, new GeneralName(uri, ".example.org"))),
                Arguments.of(true, constraints(true, new GeneralName(GeneralName.dNSName, "x.y"))),
                Arguments.of(
                        true,
                        constraints(
                                true,
                                new GeneralName(
                                        new org.bouncycastle.asn1.x500.X500Name("O=example")))),
                Arguments.of(
                        false,
                        constraints(
                                true,
                                new GeneralName(
                                        new org.bouncycastle.asn1.x500.X500Name("O=other")))));
    }

    @ParameterizedTest
    @MethodSource("constrained")
    void appliesNameConstraints(boolean good, Extending extending) {
        TestAuthority issuing = issuing(extending);
        assertThat(fault(chain(issuing), leaf(issuing, profile()), NOW).isEmpty()).isEqualTo(good);
    }

    @Test
    void refusesPurposesThatTheAuthorityDoesNotHave() {
        TestAuthority issuing =
                issuing(
                        b ->
                                b.addExtension(
                                        Extension.extendedKeyUsage,
                                        false,
                                        new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)));
        assertThat(fault(chain(issuing), leaf(issuing, profile()), NOW)).isPresent();
    }

    @Test
    void refusesBrokenChainsOfAuthorities() {
        Certificate leaf = leaf(ROOT, profile());
        TestAuthority issuing = issuing(nothing());
        TestAuthority below =
                issuing.issueAuthority("CN=below", START, Duration.ofDays(400), nothing());
        AuthorityChain tooLong =
                new AuthorityChain(
                        List.of(below.certificate(), issuing.certificate(), ROOT.certificate()),
                        ALWAYS,
                        PathRules.STRICT);
        assertThat(tooLong.fault()).hasValueSatisfying(f -> assertThat(f).contains("allows 0"));
        assertThat(
                        new AuthorityChain(
                                        List.of(ROOT.certificate(), issuing.certificate()),
                                        ALWAYS,
                                        PathRules.STRICT)
                                .fault())
                .isPresent();
        assertThat(new AuthorityChain(List.of(leaf), ALWAYS, PathRules.STRICT).fault()).isPresent();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AuthorityChain(List.of(), ALWAYS, PathRules.STRICT));
    }

    @Test
    void refusesAuthoritiesThatMayNotSign() {
        Certificate noSigner =
                ROOT.issue(
                        KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256).getPublic(),
                        "CN=weak",
                        START,
                        NOW.plus(DAY),
                        builder -> {
                            builder.addExtension(
                                    Extension.basicConstraints,
                                    true,
                                    new org.bouncycastle.asn1.x509.BasicConstraints(0));
                            builder.addExtension(
                                    Extension.keyUsage,
                                    true,
                                    new KeyUsage(KeyUsage.digitalSignature));
                        });
        assertThat(
                        new AuthorityChain(
                                        List.of(noSigner, ROOT.certificate()),
                                        ALWAYS,
                                        PathRules.STRICT)
                                .fault())
                .hasValueSatisfying(fault -> assertThat(fault).contains("keyCertSign"));
    }

    @Test
    void certificatesSurvivePem() {
        Certificate certificate = ROOT.certificate();
        assertThat(Certificate.parsePem(certificate.pem())).isEqualTo(certificate);
        assertThatIllegalArgumentException().isThrownBy(() -> Certificate.parsePem("nothing"));
    }
}
