package dev.modunest.format.trust.x509;

import static dev.modunest.format.trust.x509.LimboCertificate.add;
import static dev.modunest.format.trust.x509.LimboCertificate.dns;
import static dev.modunest.format.trust.x509.LimboCertificate.keys;
import static dev.modunest.format.trust.x509.LimboCertificate.root;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.math.BigInteger;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;

/** The results that x509-limbo expects where revocation lists decide. */
class X509LimboRevocationsTest {

    private static final LimboCertificate ROOT = root();
    private static final LimboCertificate LEAF = ROOT.leaf();
    private static final BigInteger OTHER = BigInteger.valueOf(4711);
    private static final ASN1ObjectIdentifier UNKNOWN =
            new ASN1ObjectIdentifier("1.3.6.1.4.1.55738.666.1");
    private static final String URI = "http://example.com/partition.crl";

    private static Limbo with(Consumer<X509v2CRLBuilder> change, BigInteger... serials) {
        return Limbo.of(ROOT, LEAF).crls(ROOT.revoke(change, serials));
    }

    private static DistributionPointName name(GeneralName... names) {
        return new DistributionPointName(new GeneralNames(names));
    }

    private static GeneralName uri(String uri) {
        return new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    }

    private static Consumer<X509v2CRLBuilder> part(IssuingDistributionPoint point) {
        return builder -> add(builder, Extension.issuingDistributionPoint, true, point);
    }

    private static Limbo parted(IssuingDistributionPoint point, GeneralName... ofLeaf) {
        LimboCertificate leaf =
                ROOT.leaf(
                        draft ->
                                draft.set(
                                        Extension.cRLDistributionPoints,
                                        false,
                                        new CRLDistPoint(
                                                new DistributionPoint[] {
                                                    new DistributionPoint(name(ofLeaf), null, null)
                                                })));
        return Limbo.of(ROOT, leaf).crls(ROOT.revoke(part(point)));
    }

    private static Limbo usage(Consumer<LimboCertificate.Draft> change) {
        LimboCertificate root = root(change);
        return Limbo.of(root, root.leaf()).crls(root.revoke(_ -> {}, OTHER));
    }

    static List<Arguments> cases() {
        LimboCertificate second = root(d -> d.issuer = d.subject = new X500Name("CN=second"));
        LimboCertificate between = ROOT.below(-1, _ -> {});
        IssuingDistributionPoint users =
                new IssuingDistributionPoint(null, true, false, null, false, false);
        IssuingDistributionPoint authorities =
                new IssuingDistributionPoint(null, false, true, null, false, false);
        IssuingDistributionPoint named =
                new IssuingDistributionPoint(name(uri(URI)), false, false, null, false, false);
        Date soon = Date.from(Limbo.NOW.plusSeconds(9));
        return List.of(
                Arguments.of(
                        "revoked-certificate-with-crl", "FAILURE", with(_ -> {}, LEAF.serial())),
                Arguments.of("certificate-not-on-crl", "SUCCESS", with(_ -> {}, OTHER)),
                Arguments.of("crl-empty", "SUCCESS", with(_ -> {})),
                Arguments.of(
                        "no list is a list",
                        "FAILURE",
                        Limbo.of(ROOT, LEAF).with(json -> json.putArray("crls").add("garbage"))),
                Arguments.of(
                        "crlnumber-missing",
                        "FAILURE",
                        Limbo.of(ROOT, LEAF).crls(ROOT.list(ROOT.keys(), _ -> {}, OTHER))),
                Arguments.of(
                        "crlnumber-critical",
                        "FAILURE",
                        Limbo.of(ROOT, LEAF)
                                .crls(
                                        ROOT.list(
                                                ROOT.keys(),
                                                builder ->
                                                        add(
                                                                builder,
                                                                Extension.cRLNumber,
                                                                true,
                                                                new CRLNumber(OTHER)),
                                                OTHER))),
                Arguments.of(
                        "crl-invalid-signature",
                        "FAILURE",
                        Limbo.of(ROOT, LEAF)
                                .crls(
                                        ROOT.list(
                                                keys("P-256"),
                                                builder ->
                                                        add(
                                                                builder,
                                                                Extension.cRLNumber,
                                                                false,
                                                                new CRLNumber(OTHER)),
                                                OTHER))),
                Arguments.of(
                        "certificate-serial-on-crl-different-issuer",
                        "SUCCESS",
                        Limbo.of(ROOT, LEAF)
                                .trusting(ROOT, second)
                                .crls(ROOT.revoke(_ -> {}), second.revoke(_ -> {}, LEAF.serial()))),
                Arguments.of(
                        "issuer-missing-crlsign",
                        "FAILURE",
                        usage(
                                d ->
                                        d.set(
                                                Extension.keyUsage,
                                                false,
                                                new KeyUsage(KeyUsage.keyCertSign)))),
                Arguments.of(
                        "issuer-no-keyusage-extension",
                        "SUCCESS",
                        usage(d -> d.drop(Extension.keyUsage))),
                Arguments.of(
                        "crl-unknown-critical-extension",
                        "FAILURE",
                        with(b -> add(b, UNKNOWN, true, DERNull.INSTANCE), OTHER)),
                Arguments.of(
                        "crl-unknown-noncritical-extension",
                        "SUCCESS",
                        with(b -> add(b, UNKNOWN, false, DERNull.INSTANCE), OTHER)),
                Arguments.of(
                        "crl-duplicate-revoked-serial", "FAILURE", with(_ -> {}, OTHER, OTHER)),
                Arguments.of("this-update-in-future", "FAILURE", with(b -> b.setThisUpdate(soon))),
                Arguments.of(
                        "next-update-in-past",
                        "FAILURE",
                        with(b -> b.setNextUpdate(Date.from(Limbo.NOW.minusSeconds(9))))),
                Arguments.of(
                        "revocation-date-in-future",
                        "FAILURE",
                        with(b -> b.addCRLEntry(LEAF.serial(), soon, 0))),
                Arguments.of(
                        "a list for each certificate",
                        "SUCCESS",
                        Limbo.of(ROOT, between.leaf())
                                .between(between)
                                .crls(ROOT.revoke(_ -> {}), between.revoke(_ -> {}))),
                Arguments.of(
                        "a revoked intermediate",
                        "FAILURE",
                        Limbo.of(ROOT, between.leaf())
                                .between(between)
                                .crls(
                                        ROOT.revoke(_ -> {}, between.serial()),
                                        between.revoke(_ -> {}))),
                Arguments.of(
                        "idp-only-contains-user-certs-ca-target",
                        "FAILURE",
                        Limbo.of(ROOT, between.leaf())
                                .between(between)
                                .crls(ROOT.revoke(part(users)), between.revoke(_ -> {}))),
                Arguments.of(
                        "idp-only-contains-ca-certs-ee-target", "FAILURE", with(part(authorities))),
                Arguments.of("users alone", "SUCCESS", with(part(users))),
                Arguments.of("idp-cdp-scope-match", "SUCCESS", parted(named, uri(URI))),
                Arguments.of(
                        "idp-cdp-scope-mismatch",
                        "FAILURE",
                        parted(named, uri("http://example.com/%70artition.crl"))),
                Arguments.of("idp-present-certificate-missing-cdp", "FAILURE", with(part(named))),
                Arguments.of(
                        "idp-present-certificate-cdp-non-uri-generalname",
                        "FAILURE",
                        parted(named, uri(URI), dns("example.com"))),
                Arguments.of(
                        "idp-fullname-non-uri-generalname",
                        "FAILURE",
                        parted(
                                new IssuingDistributionPoint(
                                        name(uri(URI), dns("example.com")),
                                        false,
                                        false,
                                        null,
                                        false,
                                        false),
                                uri(URI))),
                Arguments.of(
                        "idp-indirect-crl",
                        "FAILURE",
                        parted(
                                new IssuingDistributionPoint(
                                        name(uri(URI)), false, false, null, true, false),
                                uri(URI))),
                Arguments.of(
                        "idp-only-contains-attribute-certs",
                        "FAILURE",
                        with(
                                part(
                                        new IssuingDistributionPoint(
                                                null, false, false, null, false, true)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void revocations(String id, String result, Limbo test) {
        assertThat(test.result()).as(id).isEqualTo(result);
    }
}
