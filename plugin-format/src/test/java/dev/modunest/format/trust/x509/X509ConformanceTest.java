package dev.modunest.format.trust.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.trust.testing.TestAuthority;
import dev.modunest.format.trust.testing.TestAuthority.Extending;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

class X509ConformanceTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Instant START = NOW.minus(Duration.ofDays(10));
    private static final Duration YEAR = Duration.ofDays(365);
    private static final TestAuthority ROOT = TestAuthority.root("CN=root", START, YEAR);
    private static final TestAuthority ISSUING =
            ROOT.issueAuthority("CN=issuing", START, YEAR, builder -> {});

    private static Extending names(GeneralName... names) {
        return builder ->
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names));
    }

    private static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    private static GeneralName ip(String address) {
        return new GeneralName(GeneralName.iPAddress, address);
    }

    private static Extending purposes(KeyPurposeId... purposes) {
        return builder ->
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    }

    private static Extending server() {
        return purposes(KeyPurposeId.id_kp_serverAuth);
    }

    private static Certificate leaf(TestAuthority issuer, String subject, Extending extending) {
        return issuer.issue(
                KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256).getPublic(),
                subject,
                START,
                NOW.plus(YEAR),
                extending);
    }

    private static String ask(
            Certificate leaf,
            List<Certificate> between,
            Certificate root,
            Consumer<ObjectNode> more) {
        ObjectNode test = StrictJson.JSON.createObjectNode();
        test.put("id", "a::b").put("validation_kind", "SERVER");
        test.put("peer_certificate", leaf.pem());
        test.putArray("trusted_certs").add("garbage").add(root.pem());
        var intermediates = test.putArray("untrusted_intermediates");
        between.forEach(certificate -> intermediates.add(certificate.pem()));
        test.put("validation_time", NOW.toString());
        test.putObject("expected_peer_name").put("kind", "DNS").put("value", "www.example.com");
        more.accept(test);
        return StrictJson.object(X509Conformance.answer(test.toString(), NOW))
                .path("actual_result")
                .asText();
    }

    private static String ask(Certificate leaf) {
        return ask(leaf, List.of(ISSUING.certificate()), ROOT.certificate(), test -> {});
    }

    private static String askFor(Certificate leaf, String kind, String name) {
        return ask(
                leaf,
                List.of(ISSUING.certificate()),
                ROOT.certificate(),
                test -> test.putObject("expected_peer_name").put("kind", kind).put("value", name));
    }

    @Test
    void acceptsAGoodPath() {
        Certificate good =
                leaf(ISSUING, "CN=www.example.com", server().and(names(dns("www.example.com"))));
        assertThat(ask(good)).isEqualTo("SUCCESS");
        assertThat(ask(good, List.of(), ROOT.certificate(), t -> {})).isEqualTo("FAILURE");
        assertThat(ask(good, List.of(ISSUING.certificate()), ISSUING.certificate(), t -> {}))
                .isEqualTo("SUCCESS");
        assertThat(
                        ask(
                                good,
                                List.of(ISSUING.certificate()),
                                ROOT.certificate(),
                                t -> t.put("validation_time", "2030-01-01T00:00:00Z")))
                .isEqualTo("FAILURE");
        assertThat(
                        ask(
                                good,
                                List.of(ISSUING.certificate()),
                                ROOT.certificate(),
                                t -> t.put("max_chain_depth", 0)))
                .isEqualTo("FAILURE");
        assertThat(
                        ask(
                                good,
                                List.of(ISSUING.certificate()),
                                ROOT.certificate(),
                                t -> t.put("max_chain_depth", 1)))
                .isEqualTo("SUCCESS");
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com, DNS, www.example.com, SUCCESS",
        "www.example.com, DNS, WWW.Example.COM, SUCCESS",
        "*.example.com, DNS, www.example.com, SUCCESS",
        "*.example.com, DNS, a.www.example.com, FAILURE",
        "*.example.com, DNS, example.com, FAILURE",
        "w*.example.com, DNS, www.example.com, FAILURE",
        "www.*.com, DNS, www.example.com, FAILURE",
        "*.com, DNS, example.com, FAILURE",
        "example.com, DNS, www.example.com, FAILURE",
        "a_b.example.com, DNS, a_b.example.com, FAILURE",
        "192.0.2.1, IP, 192.0.2.1, SUCCESS",
        "192.0.2.1, DNS, 192.0.2.1, SUCCESS",
        "192.0.2.1, IP, 192.0.2.2, FAILURE",
        "192.0.2.1, IP, nonsense, FAILURE",
        "2001:db8::1, IP, 2001:db8::1, SUCCESS",
        "192.0.2.1, RFC822, a@b, FAILURE"
    })
    void matchesNames(String presented, String kind, String wanted, String result) {
        boolean address = presented.matches("[0-9.]+|.*:.*");
        Certificate leaf =
                leaf(
                        ISSUING,
                        "CN=" + presented,
                        server().and(names(address ? ip(presented) : dns(presented))));
        assertThat(askFor(leaf, kind, wanted)).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001:DB8::1",
        "2001:db8::1, 2001:0db8:0000:0000:0000:0000:0000:0001",
        "2001:db8::1:0:0:1, 2001:db8:0:0:1:0:0:1",
        "192.168.1.1, 192.168.001.001",
        "192.168.1.1, 0xC0A80101"
    })
    void refusesCommonNamesThatReadLikeANameAndAreNot(String address, String commonName) {
        Certificate leaf = leaf(ISSUING, "CN=" + commonName, server().and(names(ip(address))));
        assertThat(askFor(leaf, "IP", address)).isEqualTo("FAILURE");
    }

    static List<Arguments> leaves() {
        Extending www = names(dns("www.example.com"));
        Extending unknown =
                builder ->
                        builder.addExtension(
                                new ASN1ObjectIdentifier("1.2.3.4"), true, DERNull.INSTANCE);
        Extending aia =
                builder ->
                        builder.addExtension(
                                Extension.authorityInfoAccess,
                                false,
                                new DEROctetString(new byte[] {1}));
        Extending signs =
                builder ->
                        builder.addExtension(
                                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
        Extending critical =
                builder ->
                        builder.addExtension(
                                Extension.extendedKeyUsage,
                                true,
                                new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
        return List.of(
                Arguments.of("no names", server()),
                Arguments.of("no purpose", www),
                Arguments.of("another purpose", purposes(KeyPurposeId.id_kp_clientAuth).and(www)),
                Arguments.of(
                        "a purpose too many",
                        purposes(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_codeSigning)
                                .and(www)),
                Arguments.of("critical purposes", critical.and(www)),
                Arguments.of("an unknown critical extension", server().and(www).and(unknown)),
                Arguments.of("a malformed AuthorityInfoAccess", server().and(www).and(aia)),
                Arguments.of("keyCertSign without CA", server().and(www).and(signs)),
                Arguments.of("a CA", server().and(www).and(TestAuthority.ca(0))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("leaves")
    void refusesLeaves(String what, Extending extending) {
        assertThat(ask(leaf(ISSUING, "CN=www.example.com", extending)))
                .as(what)
                .isEqualTo("FAILURE");
    }

    private static Extending constraints(boolean critical, boolean permitted, GeneralName base) {
        GeneralSubtree[] subtrees = {new GeneralSubtree(base)};
        return builder ->
                builder.addExtension(
                        Extension.nameConstraints,
                        critical,
                        permitted
                                ? new NameConstraints(subtrees, null)
                                : new NameConstraints(null, subtrees));
    }

    static List<Arguments> constrained() {
        return List.of(
                Arguments.of("SUCCESS", constraints(true, true, dns("example.com"))),
                Arguments.of("SUCCESS", constraints(false, true, dns("example.com"))),
                Arguments.of("FAILURE", constraints(true, true, dns("example.org"))),
                Arguments.of("FAILURE", constraints(true, false, dns("www.example.com"))),
                Arguments.of("SUCCESS", constraints(true, true, ip("10.0.0.0/8"))),
                Arguments.of(
                        "FAILURE",
                        constraints(
                                true,
                                true,
                                new GeneralName(
                                        new org.bouncycastle.asn1.x500.X500Name("CN=other")))));
    }

    @ParameterizedTest
    @MethodSource("constrained")
    void appliesNameConstraints(String result, Extending extending) {
        TestAuthority constrained = ROOT.issueAuthority("CN=constrained", START, YEAR, extending);
        Certificate leaf =
                leaf(
                        constrained,
                        "CN=www.example.com",
                        server().and(names(dns("www.example.com"))));
        assertThat(ask(leaf, List.of(constrained.certificate()), ROOT.certificate(), t -> {}))
                .isEqualTo(result);
    }

    @Test
    void refusesToReadConstraintsThatAreNone() {
        Extending period = constraints(true, true, dns(".example.com"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ROOT.issueAuthority("CN=constrained", START, YEAR, period));
        Extending wildcard = constraints(true, true, dns("*.example.com"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ROOT.issueAuthority("CN=constrained", START, YEAR, wildcard));
    }

    @Test
    void constraintsThatAreNotCriticalAreRefusedByRfc5280Alone() {
        TestAuthority constrained =
                ROOT.issueAuthority(
                        "CN=constrained",
                        START,
                        YEAR,
                        constraints(false, true, dns("example.com")));
        Certificate leaf =
                leaf(
                        constrained,
                        "CN=www.example.com",
                        server().and(names(dns("www.example.com"))));
        assertThat(
                        ask(
                                leaf,
                                List.of(constrained.certificate()),
                                ROOT.certificate(),
                                t ->
                                        t.putArray("features")
                                                .add("rfc5280-incompatible-with-webpki")))
                .isEqualTo("FAILURE");
    }

    @Test
    void findsAWayAmongManyAndEndsWhenThereIsNone() {
        List<Certificate> many = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            many.add(ROOT.issueAuthority("CN=issuing", START, YEAR, builder -> {}).certificate());
        }
        Certificate leaf =
                leaf(ISSUING, "CN=www.example.com", server().and(names(dns("www.example.com"))));
        assertThat(ask(leaf, many, ROOT.certificate(), t -> {})).isEqualTo("FAILURE");
        many.add(ISSUING.certificate());
        assertThat(ask(leaf, many, ROOT.certificate(), t -> {})).isEqualTo("SUCCESS");
    }

    @Test
    void rootsNeedNoMoreAndNoLess() {
        TestAuthority far = ISSUING.issueAuthority("CN=far", START, YEAR, builder -> {});
        Certificate leaf =
                leaf(far, "CN=www.example.com", server().and(names(dns("www.example.com"))));
        assertThat(
                        ask(
                                leaf,
                                List.of(far.certificate(), ISSUING.certificate()),
                                ROOT.certificate(),
                                t -> {}))
                .isEqualTo("FAILURE");
    }

    @Test
    void saysWhatItDoesNotJudge() {
        assertThat(X509Conformance.answer("{\"id\":\"x\",\"validation_kind\":\"CLIENT\"}", NOW))
                .contains("SKIPPED");
        assertThat(
                        X509Conformance.answer(
                                "{\"id\":\"x\",\"validation_kind\":\"SERVER\",\"extended_key_usage\":[\"clientAuth\"]}",
                                NOW))
                .contains("SKIPPED");
        assertThatIllegalArgumentException().isThrownBy(() -> X509Conformance.answer("[]", NOW));
    }
}
