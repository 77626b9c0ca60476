package dev.modunest.format.trust.x509;

import static dev.modunest.format.trust.x509.LimboCertificate.dns;
import static dev.modunest.format.trust.x509.LimboCertificate.keys;
import static dev.modunest.format.trust.x509.LimboCertificate.root;

import static org.assertj.core.api.Assertions.assertThat;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** The results that x509-limbo expects where the way to the root decides. */
class X509LimboPathsTest {

    private static final LimboCertificate ROOT = root();
    private static final ASN1ObjectIdentifier UNKNOWN =
            new ASN1ObjectIdentifier("1.3.6.1.4.1.55738.666.1");

    @ParameterizedTest
    @CsvSource({
        "0, SUCCESS",
        "2, SUCCESS",
        "0 0, FAILURE",
        "1 2, SUCCESS",
        "1 0 0, FAILURE",
        "2 1 0, SUCCESS"
    })
    void lengthsOfPaths(String lengths, String result) {
        LimboCertificate ca = ROOT;
        List<LimboCertificate> between = new java.util.ArrayList<>();
        for (String length : lengths.split(" ", -1)) {
            ca = ca.below(Integer.parseInt(length), _ -> {});
            between.add(ca);
        }
        assertThat(
                        Limbo.of(ROOT, ca.leaf())
                                .between(between.toArray(LimboCertificate[]::new))
                                .result())
                .isEqualTo(result);
    }

    @Test
    void selfIssuedCertificatesDoNotCount() {
        LimboCertificate first = ROOT.below(1, _ -> {});
        LimboCertificate again = first.below(1, draft -> draft.subject = first.subject());
        LimboCertificate third = again.below(0, _ -> {});
        assertThat(Limbo.of(ROOT, third.leaf()).between(first, again, third).result())
                .isEqualTo("SUCCESS");
    }

    private static Limbo ofRoot(Consumer<LimboCertificate.Draft> change) {
        LimboCertificate root = root(change);
        return Limbo.of(root, root.leaf());
    }

    private static Limbo over(Consumer<LimboCertificate.Draft> change) {
        LimboCertificate between = ROOT.below(-1, change);
        return Limbo.of(ROOT, between.leaf()).between(between);
    }

    private static Limbo leaf(Consumer<LimboCertificate.Draft> change) {
        return Limbo.of(ROOT, ROOT.leaf(change));
    }

    static List<Arguments> certificates() {
        KeyUsage signsCertificates = new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign);
        LimboCertificate ca = ROOT.below(-1, draft -> draft.names(dns("ca.example.com")));
        LimboCertificate orphan = ROOT.below(0, d -> d.drop(Extension.authorityKeyIdentifier));
        return List.of(
                Arguments.of("self-signed-root-missing-aki", "SUCCESS", ofRoot(_ -> {})),
                Arguments.of(
                        "cross-signed-root-missing-aki",
                        "FAILURE",
                        Limbo.of(orphan, orphan.leaf())),
                Arguments.of(
                        "leaf-missing-aki",
                        "FAILURE",
                        leaf(d -> d.drop(Extension.authorityKeyIdentifier))),
                Arguments.of(
                        "intermediate-missing-aki",
                        "FAILURE",
                        over(d -> d.drop(Extension.authorityKeyIdentifier))),
                Arguments.of(
                        "root-missing-ski",
                        "FAILURE",
                        ofRoot(d -> d.raw(Extension.subjectKeyIdentifier, false, new byte[0]))),
                Arguments.of(
                        "intermediate-missing-ski",
                        "FAILURE",
                        over(d -> d.raw(Extension.subjectKeyIdentifier, false, new byte[0]))),
                Arguments.of(
                        "unknown-critical-extension-ee",
                        "FAILURE",
                        leaf(d -> d.set(UNKNOWN, true, DERNull.INSTANCE))),
                Arguments.of(
                        "unknown-critical-extension-intermediate",
                        "FAILURE",
                        over(d -> d.set(UNKNOWN, true, DERNull.INSTANCE))),
                Arguments.of(
                        "unknown-critical-extension-root",
                        "FAILURE",
                        ofRoot(d -> d.set(UNKNOWN, true, DERNull.INSTANCE))),
                Arguments.of(
                        "root-non-critical-basic-constraints",
                        "FAILURE",
                        ofRoot(
                                d ->
                                        d.set(
                                                Extension.basicConstraints,
                                                false,
                                                new BasicConstraints(true)))),
                Arguments.of(
                        "root-missing-basic-constraints",
                        "FAILURE",
                        ofRoot(d -> d.drop(Extension.basicConstraints))),
                Arguments.of(
                        "intermediate-ca-without-ca-bit",
                        "FAILURE",
                        over(
                                d ->
                                        d.set(
                                                Extension.basicConstraints,
                                                true,
                                                new BasicConstraints(false)))),
                Arguments.of(
                        "root-inconsistent-ca-extensions",
                        "FAILURE",
                        ofRoot(d -> d.set(Extension.keyUsage, false, new KeyUsage(0)))),
                Arguments.of(
                        "leaf-ku-keycertsign",
                        "FAILURE",
                        leaf(d -> d.set(Extension.keyUsage, false, signsCertificates))),
                Arguments.of(
                        "ee-rsa-without-any-usages",
                        "FAILURE",
                        leaf(
                                d -> {
                                    d.keys = keys("RSA");
                                    d.set(Extension.keyUsage, true, new KeyUsage(0));
                                })),
                Arguments.of("no-keyusage", "SUCCESS", leaf(d -> d.drop(Extension.keyUsage))),
                Arguments.of(
                        "root-has-eku",
                        "FAILURE",
                        ofRoot(d -> d.purposes(false, KeyPurposeId.id_kp_serverAuth))),
                Arguments.of(
                        "webpki ca-as-leaf", "FAILURE", Limbo.of(ROOT, ca).named("ca.example.com")),
                Arguments.of(
                        "rfc5280 ca-as-leaf",
                        "SUCCESS",
                        Limbo.of(ROOT, ca)
                                .named("ca.example.com")
                                .conflicting("webpki::ca-as-leaf")),
                Arguments.of(
                        "root-and-intermediate-swapped",
                        "SUCCESS",
                        Limbo.of(ca, ca.leaf()).between(ROOT)),
                Arguments.of(
                        "chain-untrusted-root",
                        "FAILURE",
                        Limbo.of(root(d -> d.subject = new X500Name("CN=other")), ca.leaf())
                                .between(ROOT, ca)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("certificates")
    void certificatesOfPaths(String id, String result, Limbo test) {
        assertThat(test.result()).as(id).isEqualTo(result);
    }

    @ParameterizedTest
    @CsvSource({
        "2024-03-01T00:00:00Z, SUCCESS",
        "2024-02-29T23:59:59.999Z, FAILURE",
        "2024-04-01T00:00:00+00:00, SUCCESS",
        "2024-04-01T00:00:00.005Z, SUCCESS",
        "2024-04-01T00:00:01Z, FAILURE"
    })
    void bothEndsOfAValidityBelongToIt(String time, String result) {
        LimboCertificate leaf =
                ROOT.leaf(
                        draft -> {
                            draft.start = Instant.parse("2024-03-01T00:00:00Z");
                            draft.end = Instant.parse("2024-04-01T00:00:00Z");
                        });
        assertThat(Limbo.of(ROOT, leaf).at(time).result()).isEqualTo(result);
    }

    @Test
    void anExpiredIntermediateHidesNoRoot() {
        LimboCertificate second = root(d -> d.issuer = d.subject = new X500Name("CN=second"));
        LimboCertificate expired =
                second.below(
                        1,
                        draft -> {
                            draft.subject = ROOT.subject();
                            draft.keys = ROOT.keys();
                            draft.end = Instant.parse("1998-11-25T00:00:00Z");
                        });
        assertThat(Limbo.of(ROOT, ROOT.leaf()).trusting(ROOT, second).between(expired).result())
                .isEqualTo("SUCCESS");
    }

    /** CVE-2024-0567: authorities that sign for each other, one of them trusted. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cyclesEnd(boolean trusted) {
        KeyPair keysOfA = keys("P-256");
        LimboCertificate a =
                root(
                        draft -> {
                            draft.subject = new X500Name("CN=Root A");
                            draft.keys = keysOfA;
                            draft.signer = keysOfA;
                        });
        LimboCertificate issuing = a.below(-1, _ -> {});
        LimboCertificate b = a.below(-1, draft -> draft.subject = new X500Name("CN=Root B"));
        LimboCertificate aByB =
                b.below(
                        -1,
                        draft -> {
                            draft.subject = a.subject();
                            draft.keys = keysOfA;
                        });
        LimboCertificate leaf =
                issuing.leaf(
                        draft -> {
                            draft.subject = new X500Name("");
                            draft.set(
                                    Extension.subjectAlternativeName,
                                    true,
                                    new GeneralNames(dns("example.com")));
                        });
        assertThat(
                        Limbo.of(trusted ? a : ROOT, leaf)
                                .between(issuing, aByB, b)
                                .with(json -> json.put("max_chain_depth", 255))
                                .result())
                .isEqualTo(trusted ? "SUCCESS" : "FAILURE");
    }

    @ParameterizedTest
    @CsvSource({
        "ML-DSA-44, 128, SUCCESS",
        "ML-DSA-65, 128, SUCCESS",
        "ML-DSA-87, 128, SUCCESS",
        "ML-DSA-44, 160, FAILURE", // keyEncipherment
        "ML-DSA-44, 136, FAILURE" // keyAgreement
    })
    void keysOfMlDsaSignAndDoNothingElse(String algorithm, int usage, String result) {
        KeyPair keys = keys(algorithm);
        LimboCertificate root =
                root(
                        draft -> {
                            draft.keys = keys;
                            draft.signer = keys;
                        });
        Consumer<LimboCertificate.Draft> change =
                draft -> {
                    draft.keys = keys(algorithm);
                    draft.set(Extension.keyUsage, false, new KeyUsage(usage));
                };
        assertThat(Limbo.of(root, root.leaf(change)).result()).isEqualTo(result);
        LimboCertificate impostor = root.leaf(change.andThen(d -> d.signer = keys(algorithm)));
        assertThat(Limbo.of(root, impostor).result()).isEqualTo("FAILURE");
    }
}
