package dev.modunest.format.trust.x509;

import static dev.modunest.format.trust.x509.LimboCertificate.directory;
import static dev.modunest.format.trust.x509.LimboCertificate.dns;
import static dev.modunest.format.trust.x509.LimboCertificate.ip;
import static dev.modunest.format.trust.x509.LimboCertificate.root;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.function.Consumer;

/** The results that x509-limbo expects where names and purposes decide. */
class X509LimboNamesTest {

    private static final LimboCertificate ROOT = root();
    private static final GeneralName PRIVATE_NAME =
            new GeneralName(
                    GeneralName.otherName,
                    new DERSequence(
                            new org.bouncycastle.asn1.ASN1Encodable[] {
                                new ASN1ObjectIdentifier("1.3.6.1.4.1.55738.666.3"),
                                new DERTaggedObject(true, 0, DERNull.INSTANCE)
                            }));

    @ParameterizedTest
    @CsvSource({
        // webpki::cn
        "0xC0A80101, 192.168.1.1, 192.168.1.1, FAILURE",
        "192.168.001.001, 192.168.1.1, 192.168.1.1, FAILURE",
        "2001:DB8::8A2E:370:7334, 2001:db8::8a2e:370:7334, 2001:db8::8a2e:370:7334, FAILURE",
        "2001:0db8:0000:0000:0000:0000:0000:0001, 2001:db8::1, 2001:db8::1, FAILURE",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1, 2001:db8::1:0:0:1, FAILURE",
        "xn--nxasmq6b.com, xn--n3h.com, xn--n3h.com, FAILURE",
        "test-測試.com, xn--test--wg5h0h.com, xn--test--wg5h0h.com, FAILURE",
        "notinsan.example.com, valid.example.com another.example.com, valid.example.com, FAILURE",
        "Example.COM, example.com, example.com, FAILURE",
        "10.0.0.1, 192.168.1.1, 192.168.1.1, FAILURE",
        "2001:db8::1, 2001:db8::1, 2001:db8::1, SUCCESS",
        // webpki::san
        "example.com, example.com, example.com, SUCCESS",
        "example.com, 127.0.0.1, 127.0.0.1, SUCCESS",
        "example.com, example.com, example2.com, FAILURE",
        "example.com, abc.example.com, def.example.com, FAILURE",
        "example.com, example.com, abc.example.com, FAILURE",
        "example.com, abc.example.com, example.com, FAILURE",
        "example.com, *.com, example.com, FAILURE",
        "example.com, *.example.com, foo.example.com, SUCCESS",
        "example.com, ba*.example.com, baz.example.com, FAILURE",
        "example.com, foo.*.example.com, foo.bar.example.com, FAILURE",
        "example.com, *.example.com, foo.bar.example.com, FAILURE",
        "example.com, xn--*-1b3c148a.example.com, xn--bliss-1b3c148a.example.com, FAILURE",
        "example.com, *, example.com, FAILURE",
        "example.com, *, com, FAILURE"
    })
    void namesOfLeaves(String commonName, String names, String wanted, String result) {
        GeneralName[] presented =
                List.of(names.split(" ", -1)).stream()
                        .map(name -> name.matches("[0-9.]+|.*:.*") ? ip(name) : dns(name))
                        .toArray(GeneralName[]::new);
        LimboCertificate leaf =
                ROOT.leaf(
                        draft -> {
                            draft.subject = new X500Name("CN=" + commonName);
                            draft.names(presented);
                        });
        Limbo test = Limbo.of(ROOT, leaf);
        boolean address = wanted.matches("[0-9.]+|.*:.*");
        assertThat((address ? test.addressed(wanted) : test.named(wanted)).result())
                .isEqualTo(result);
    }

    private static Consumer<LimboCertificate.Draft> constrained(
            boolean critical, GeneralName[] permitted, GeneralName... excluded) {
        return draft ->
                draft.set(
                        Extension.nameConstraints,
                        critical,
                        new NameConstraints(
                                permitted.length == 0 ? null : subtrees(permitted),
                                excluded.length == 0 ? null : subtrees(excluded)));
    }

    private static GeneralSubtree[] subtrees(GeneralName... names) {
        GeneralSubtree[] subtrees = new GeneralSubtree[names.length];
        java.util.Arrays.setAll(subtrees, i -> new GeneralSubtree(names[i]));
        return subtrees;
    }

    private static GeneralName[] all(GeneralName... names) {
        return names;
    }

    private static final GeneralName[] NONE = {};

    private static Limbo below(Consumer<LimboCertificate.Draft> ofRoot, GeneralName... names) {
        LimboCertificate root = root(ofRoot);
        return Limbo.of(root, root.leaf(draft -> draft.names(names)));
    }

    private static Limbo named(Consumer<LimboCertificate.Draft> ofRoot, String cn, String san) {
        LimboCertificate root = root(ofRoot);
        return Limbo.of(
                        root,
                        root.leaf(
                                draft -> {
                                    draft.subject = new X500Name("CN=" + cn);
                                    draft.names(directory("CN=" + san));
                                }))
                .with(json -> json.remove("expected_peer_name"));
    }

    private static GeneralName address(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        return new GeneralName(GeneralName.iPAddress, new DEROctetString(bytes));
    }

    private static Limbo nested(
            GeneralName[] permittedAbove, GeneralName[] permittedBelow, String leaf) {
        LimboCertificate first = ROOT.below(-1, constrained(true, permittedAbove));
        LimboCertificate second =
                first.below(
                        -1,
                        draft -> {
                            constrained(true, permittedBelow).accept(draft);
                            draft.drop(Extension.subjectAlternativeName);
                        });
        return Limbo.of(ROOT, second.leaf(draft -> draft.names(dns(leaf))))
                .between(first, second)
                .named(leaf);
    }

    static List<Arguments> constraints() {
        GeneralName example = dns("example.com");
        GeneralName network = ip("192.0.2.0/24");
        return List.of(
                Arguments.of(
                        "permitted-dns-mismatch",
                        "FAILURE",
                        below(constrained(true, all(example)), dns("not-example.com"))),
                Arguments.of(
                        "permitted-dns-match",
                        "SUCCESS",
                        below(constrained(true, all(example)), example)),
                Arguments.of(
                        "permitted-dns-match-more",
                        "SUCCESS",
                        below(constrained(true, all(example)), dns("foo.bar.example.com"))
                                .named("foo.bar.example.com")),
                Arguments.of(
                        "webpki permitted-dns-match-noncritical",
                        "SUCCESS",
                        below(constrained(false, all(example)), example)),
                Arguments.of(
                        "rfc5280 permitted-dns-match-noncritical",
                        "FAILURE",
                        below(constrained(false, all(example)), example)
                                .conflicting("webpki::nc::permitted-dns-match-noncritical")),
                Arguments.of(
                        "excluded-dns-match-second",
                        "FAILURE",
                        below(
                                constrained(true, NONE, dns("not-allowed.example.com")),
                                example,
                                dns("not-allowed.example.com"))),
                Arguments.of(
                        "permitted-ipv4-match",
                        "SUCCESS",
                        below(constrained(true, all(network)), ip("192.0.2.1"))
                                .addressed("192.0.2.1")),
                Arguments.of(
                        "permitted-ip-mismatch",
                        "FAILURE",
                        below(constrained(true, all(network)), ip("192.0.3.1"))
                                .addressed("192.0.3.1")),
                Arguments.of(
                        "excluded-ipv6-match",
                        "FAILURE",
                        below(constrained(true, NONE, ip("::1/128")), ip("::1")).addressed("::1")),
                Arguments.of(
                        "permitted-ipv6-match",
                        "SUCCESS",
                        below(constrained(true, all(ip("::1/128"))), ip("::1")).addressed("::1")),
                Arguments.of(
                        "permitted-dn-match",
                        "SUCCESS",
                        named(constrained(true, all(directory("CN=foo"))), "foo", "foo")),
                Arguments.of(
                        "permitted-dn-match-subject-san-mismatch",
                        "FAILURE",
                        named(constrained(true, all(directory("CN=foo"))), "not-foo", "foo")),
                Arguments.of(
                        "excluded-dn-match-sub-mismatch",
                        "FAILURE",
                        named(constrained(true, NONE, directory("CN=foo")), "foo", "not-foo")),
                Arguments.of(
                        "excluded-match-permitted-and-excluded",
                        "FAILURE",
                        below(constrained(true, all(example), example), example)),
                Arguments.of(
                        "permitted-different-constraint-type",
                        "SUCCESS",
                        below(constrained(true, all(network)), example)),
                Arguments.of(
                        "invalid-dnsname-wildcard",
                        "FAILURE",
                        below(constrained(true, all(dns("*.example.com"))), dns("a.example.com"))
                                .named("a.example.com")),
                Arguments.of(
                        "invalid-dnsname-leading-period",
                        "FAILURE",
                        below(constrained(true, all(dns(".example.com"))), dns("a.example.com"))
                                .named("a.example.com")),
                Arguments.of(
                        "invalid-ipv4-address",
                        "FAILURE",
                        below(constrained(true, all(address(127, 0, 0, 1))), ip("127.0.0.1"))
                                .addressed("127.0.0.1")),
                Arguments.of(
                        "a mask with a gap",
                        "FAILURE",
                        below(
                                        constrained(
                                                true, all(address(127, 0, 0, 1, 255, 0, 255, 0))),
                                        ip("127.0.0.1"))
                                .addressed("127.0.0.1")),
                Arguments.of(
                        "nc-permits-invalid-dns-san",
                        "FAILURE",
                        below(
                                        constrained(true, all(example)),
                                        dns(".example.com"),
                                        dns("a.example.com"))
                                .named("a.example.com")),
                Arguments.of(
                        "nc-permits-invalid-ip-san",
                        "FAILURE",
                        below(constrained(true, all(network)), network, ip("192.0.2.1"))
                                .addressed("192.0.2.1")),
                Arguments.of(
                        "nc-forbids-othername",
                        "FAILURE",
                        below(
                                constrained(true, all(example), PRIVATE_NAME),
                                example,
                                PRIVATE_NAME)),
                Arguments.of(
                        "nc-forbids-othername-noop",
                        "SUCCESS",
                        below(constrained(true, all(example), PRIVATE_NAME), example)),
                Arguments.of(
                        "subtrees-both-empty", "FAILURE", below(constrained(true, NONE), example)),
                Arguments.of(
                        "cve-2025-61727",
                        "FAILURE",
                        below(
                                        constrained(true, all(example), dns("bar.example.com")),
                                        dns("*.example.com"))
                                .named("bar.example.com")),
                Arguments.of(
                        "cve-2025-61727-nc-permits-variant",
                        "FAILURE",
                        below(constrained(true, all(dns("foo.example.com"))), dns("*.example.com"))
                                .named("foo.example.com")),
                Arguments.of(
                        "restrictive-permits-in-intermediates-narrows",
                        "FAILURE",
                        nested(
                                all(example, dns("foo.example.com"), dns("bar.example.com")),
                                all(dns("bar.example.com")),
                                "foo.example.com")),
                Arguments.of(
                        "restrictive-permits-in-intermediates-widens",
                        "FAILURE",
                        nested(
                                all(dns("bar.example.com")),
                                all(dns("foo.example.com"), dns("bar.example.com")),
                                "foo.example.com")),
                Arguments.of(
                        "an e-mail address in a permitted domain",
                        "SUCCESS",
                        below(
                                constrained(true, all(mail("example.com"), mail("b@example.org"))),
                                example,
                                mail("a@example.com"),
                                mail("b@EXAMPLE.org"))),
                Arguments.of(
                        "an e-mail address outside",
                        "FAILURE",
                        below(
                                constrained(true, all(mail("b@example.org"))),
                                example,
                                mail("a@example.org"))),
                Arguments.of(
                        "a URI below a permitted domain",
                        "SUCCESS",
                        below(
                                constrained(true, all(uri(".example.com"))),
                                example,
                                uri("https://u@a.example.com:8/x"))),
                Arguments.of(
                        "a URI without a host",
                        "FAILURE",
                        below(constrained(true, NONE, uri("a.com")), example, uri("urn:x"))),
                Arguments.of(
                        "not-allowed-in-ee",
                        "FAILURE",
                        Limbo.of(ROOT, ROOT.leaf(constrained(false, all(example))))));
    }

    private static GeneralName mail(String address) {
        return new GeneralName(GeneralName.rfc822Name, address);
    }

    private static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("constraints")
    void nameConstraints(String id, String result, Limbo test) {
        assertThat(test.result()).as(id).isEqualTo(result);
    }

    private static Limbo leaf(Consumer<LimboCertificate.Draft> change) {
        return Limbo.of(ROOT, ROOT.leaf(change));
    }

    static List<Arguments> leaves() {
        KeyPurposeId server = KeyPurposeId.id_kp_serverAuth;
        Consumer<LimboCertificate.Draft> without = draft -> draft.drop(Extension.extendedKeyUsage);
        return List.of(
                Arguments.of("webpki ee-without-eku", "FAILURE", leaf(without)),
                Arguments.of(
                        "rfc5280 ee-without-eku",
                        "SUCCESS",
                        leaf(without).conflicting("webpki::eku::ee-without-eku")),
                Arguments.of(
                        "ee-anyeku",
                        "FAILURE",
                        leaf(d -> d.purposes(false, server, KeyPurposeId.anyExtendedKeyUsage))),
                Arguments.of("ee-critical-eku", "FAILURE", leaf(d -> d.purposes(true, server))),
                Arguments.of(
                        "ee-serverauth-with-additional",
                        "SUCCESS",
                        leaf(d -> d.purposes(false, server, KeyPurposeId.id_kp_clientAuth))),
                Arguments.of(
                        "ee-clientauth-only",
                        "FAILURE",
                        leaf(d -> d.purposes(false, KeyPurposeId.id_kp_clientAuth))),
                Arguments.of(
                        "ee-ocspsigning-with-serverauth",
                        "FAILURE",
                        leaf(d -> d.purposes(false, server, KeyPurposeId.id_kp_OCSPSigning))),
                Arguments.of(
                        "no-san", "FAILURE", leaf(d -> d.drop(Extension.subjectAlternativeName))),
                Arguments.of(
                        "rfc5280 san malformed",
                        "FAILURE",
                        leaf(d -> d.raw(Extension.subjectAlternativeName, false, new byte[] {7}))),
                Arguments.of(
                        "san-critical-with-nonempty-subject",
                        "FAILURE",
                        leaf(
                                d ->
                                        d.set(
                                                Extension.subjectAlternativeName,
                                                true,
                                                new GeneralNames(dns("example.com"))))),
                Arguments.of(
                        "noncritical-with-empty-subject",
                        "FAILURE",
                        leaf(d -> d.subject = new X500Name(""))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("leaves")
    void purposesOfLeaves(String id, String result, Limbo test) {
        assertThat(test.result()).as(id).isEqualTo(result);
    }
}
