package dev.modunest.format.trust.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.trust.testing.TestAuthority;
import dev.modunest.format.trust.testing.TestAuthority.Extending;
import dev.modunest.format.trust.testing.TrustFixture;

import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

class PublisherCertificateTest {

    private static final String URI = "https://registry.example.com/publishers/acme";
    private static final TrustFixture FIXTURE = new TrustFixture();

    private static Certificate issue(PublicKey key, String subject, Extending extending) {
        return FIXTURE.issuing()
                .issue(
                        key,
                        subject,
                        TrustFixture.NOW,
                        TrustFixture.NOW.plus(Duration.ofDays(90)),
                        extending);
    }

    private static PublicKey p256() {
        return KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256).getPublic();
    }

    @ParameterizedTest
    @EnumSource
    void readsWhoAndByWhom(SignatureAlgorithm algorithm) {
        Certificate certificate =
                issue(
                        KeyPairSigner.generate(algorithm).getPublic(),
                        "CN=acme",
                        TrustFixture.profile(URI));
        PublisherCertificate publisher = PublisherCertificate.of(certificate);
        assertThat(publisher.identity()).isEqualTo(URI);
        assertThat(publisher.issuer()).isEqualTo("https://registry.example.com");
        assertThat(publisher.key().algorithm()).isEqualTo(algorithm);
        assertThat(publisher.sourceRepositoryId()).isEmpty();
    }

    @Test
    void readsTheJobOfTrustedPublishing() {
        assertThat(PublisherCertificate.of(FIXTURE.job("42").certificate()))
                .satisfies(
                        job -> {
                            assertThat(job.issuer()).isEqualTo(TrustFixture.OIDC_ISSUER);
                            assertThat(job.sourceRepositoryId()).contains("42");
                        });
    }

    private static Extending usage(int bits, boolean critical) {
        return builder -> builder.addExtension(Extension.keyUsage, critical, new KeyUsage(bits));
    }

    private static Extending purposes(KeyPurposeId... purposes) {
        return builder ->
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    }

    private static Extending noCa() {
        return builder ->
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    }

    private static Extending names(GeneralName... names) {
        return builder ->
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names));
    }

    private static Extending issuer() {
        return TrustFixture.text("1.3.6.1.4.1.57264.1.8", "https://registry.example.com");
    }

    private static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    static List<Arguments> others() {
        Extending rest = noCa().and(names(uri(URI))).and(issuer());
        Extending signing = usage(KeyUsage.digitalSignature, true);
        Extending code = purposes(KeyPurposeId.id_kp_codeSigning);
        return List.of(
                Arguments.of("no key usage", "CN=a", code.and(rest)),
                Arguments.of(
                        "a key usage that is not critical",
                        "CN=a",
                        usage(KeyUsage.digitalSignature, false).and(code).and(rest)),
                Arguments.of(
                        "a key usage more",
                        "CN=a",
                        usage(KeyUsage.digitalSignature | KeyUsage.keyAgreement, true)
                                .and(code)
                                .and(rest)),
                Arguments.of("no purpose", "CN=a", signing.and(rest)),
                Arguments.of(
                        "a purpose more",
                        "CN=a",
                        signing.and(
                                        purposes(
                                                KeyPurposeId.id_kp_codeSigning,
                                                KeyPurposeId.id_kp_serverAuth))
                                .and(rest)),
                Arguments.of(
                        "any purpose",
                        "CN=a",
                        signing.and(purposes(KeyPurposeId.anyExtendedKeyUsage)).and(rest)),
                Arguments.of("a CA", "CN=a", TestAuthority.ca(0).and(code).and(issuer())),
                Arguments.of(
                        "no BasicConstraints",
                        "CN=a",
                        signing.and(code).and(names(uri(URI))).and(issuer())),
                Arguments.of("no name", "CN=a", signing.and(code).and(noCa()).and(issuer())),
                Arguments.of(
                        "two names",
                        "CN=a",
                        signing.and(code)
                                .and(noCa())
                                .and(names(uri(URI), uri(URI + "2")))
                                .and(issuer())),
                Arguments.of(
                        "a DNS name",
                        "CN=a",
                        signing.and(code)
                                .and(noCa())
                                .and(names(new GeneralName(GeneralName.dNSName, "a.example")))
                                .and(issuer())),
                Arguments.of("no subject", "", signing.and(code).and(rest)),
                Arguments.of(
                        "nobody who vouches",
                        "CN=a",
                        signing.and(code).and(noCa()).and(names(uri(URI)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("others")
    void refusesAnotherProfile(String what, String subject, Extending extending) {
        Certificate certificate = issue(p256(), subject, extending);
        assertThatIllegalArgumentException()
                .as(what)
                .isThrownBy(() -> PublisherCertificate.of(certificate));
    }

    static Stream<PublicKey> otherKeys() throws NoSuchAlgorithmException {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(3072);
        KeyPairGenerator p384 = KeyPairGenerator.getInstance("EC");
        p384.initialize(384);
        return Stream.of(rsa.generateKeyPair().getPublic(), p384.generateKeyPair().getPublic());
    }

    @ParameterizedTest
    @MethodSource("otherKeys")
    void refusesOtherKeys(PublicKey key) {
        Certificate certificate = issue(key, "CN=acme", TrustFixture.profile(URI));
        assertThatIllegalArgumentException().isThrownBy(() -> PublisherCertificate.of(certificate));
    }
}
