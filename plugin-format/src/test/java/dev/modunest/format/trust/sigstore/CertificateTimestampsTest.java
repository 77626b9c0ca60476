package dev.modunest.format.trust.sigstore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.trust.root.CertificateLog;
import dev.modunest.format.trust.root.TrustedRoot;
import dev.modunest.format.trust.testing.TestAuthority;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.Validity;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

class CertificateTimestampsTest {

    private static final ASN1ObjectIdentifier SCT_LIST =
            new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2");
    private static final String PUBLISHER = "https://registry.example.com/publishers/acme";
    private static final Instant LOGGED = TrustFixture.NOW.minus(Duration.ofDays(1));
    private static final TrustFixture FIXTURE = new TrustFixture();
    private static final Certificate ISSUER = FIXTURE.issuing().certificate();
    private static final KeyPair LOG_KEYS = KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256);
    private static final KeyPairSigner LOG = new KeyPairSigner(LOG_KEYS);

    private static final List<CertificateLog> LOGS = logs(Instant.EPOCH);

    private static List<CertificateLog> logs(Instant start) {
        return List.of(
                new CertificateLog(
                        "https://ct.example.org",
                        LOG_KEYS.getPublic(),
                        LOG.key().id().hex(),
                        new Validity(start, Optional.empty())));
    }

    /** Makes the list of a certificate from what a log signs of it. */
    private interface Listing {

        byte[] of(byte[] tbs) throws IOException;
    }

    /** What is under the signature (RFC 6962 3.2), written by hand. */
    private static byte[] signed(byte[] tbs, Instant time) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(0);
        out.writeLong(time.toEpochMilli());
        out.writeShort(1);
        out.write(HexFormat.of().parseHex(Digest.ofBytes(ISSUER.key().spki()).hex()));
        out.writeByte(tbs.length >> 16);
        out.writeShort(tbs.length);
        out.write(tbs);
        out.writeShort(0);
        return bytes.toByteArray();
    }

    private static byte[] timestamp(byte[] tbs) throws IOException {
        byte[] signature = LOG.sign(signed(tbs, LOGGED));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(0);
        out.write(HexFormat.of().parseHex(LOG.key().id().hex()));
        out.writeLong(LOGGED.toEpochMilli());
        out.writeShort(0);
        out.writeByte(4);
        out.writeByte(3);
        out.writeShort(signature.length);
        out.write(signature);
        return bytes.toByteArray();
    }

    private static byte[] list(byte[]... timestamps) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(Arrays.stream(timestamps).mapToInt(each -> each.length + 2).sum());
        for (byte[] each : timestamps) {
            out.writeShort(each.length);
            out.write(each);
        }
        return bytes.toByteArray();
    }

    private static TrustFixture.Identity identity(Listing listing) {
        TestAuthority.Extending logged =
                builder ->
                        builder.addExtension(
                                SCT_LIST, false, new DEROctetString(listing.of(tbs(builder))));
        return FIXTURE.identity(
                PUBLISHER,
                SignatureAlgorithm.ECDSA_P256,
                TrustFixture.profile(PUBLISHER).and(logged),
                LOGGED);
    }

    /** The certificate as it is before the list is added, whoever signs it. */
    private static byte[] tbs(X509v3CertificateBuilder builder) {
        try {
            return builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA")
                                    .build(LOG_KEYS.getPrivate()))
                    .toASN1Structure()
                    .getTBSCertificate()
                    .getEncoded("DER");
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        } catch (OperatorCreationException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static boolean isLogged(Listing listing) {
        return CertificateTimestamps.isLogged(identity(listing).certificate(), ISSUER, LOGS);
    }

    @Test
    void acceptsTheTimestampOfALogOverThePrecertificate() {
        assertThat(isLogged(tbs -> list(timestamp(tbs)))).isTrue();
        assertThat(isLogged(tbs -> list(new byte[50], timestamp(tbs)))).isTrue();
    }

    @Test
    void aBundleWithSuchACertificateVerifies() {
        TrustedRoot own = FIXTURE.trustedRoot();
        SigstoreVerifier verifier =
                new SigstoreVerifier(
                        new TrustedRoot(
                                own.authorities(), own.logs(), LOGS, own.timeStampAuthorities()));
        SigstoreVerifier.Artifact jar =
                new SigstoreVerifier.Artifact(Digest.ofBytes(TrustFixture.JAR), Optional.empty());
        SigstoreVerifier.Signer signer =
                new SigstoreVerifier.Signer.Identity(PUBLISHER, "https://registry.example.com");
        assertThat(verifier.faultOf(bundle(identity(tbs -> list(timestamp(tbs)))), jar, signer))
                .isEmpty();
        assertThat(
                        verifier.faultOf(
                                bundle(identity(tbs -> list(timestamp(new byte[tbs.length])))),
                                jar,
                                signer))
                .isPresent();
    }

    private static byte[] bundle(TrustFixture.Identity by) {
        return FIXTURE.release(
                        by,
                        TrustFixture.statement(TrustFixture.JAR),
                        TrustFixture.SummaryChange.none(),
                        TrustFixture.NOW)
                .publisherBundle()
                .bytes();
    }

    @ParameterizedTest
    @CsvSource({
        "0, another version",
        "1, another log",
        "40, another time",
        "42, extensions that are not there",
        "43, another hash",
        "44, another kind of key",
        "46, another length",
        "60, another signature"
    })
    void refusesATimestampThatIsChanged(int at, String what) {
        assertThat(
                        isLogged(
                                tbs -> {
                                    byte[] changed = timestamp(tbs);
                                    changed[at] ^= 1;
                                    return list(changed);
                                }))
                .as(what)
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 30, 60})
    void refusesAListThatIsCutOff(int length) {
        assertThat(isLogged(tbs -> Arrays.copyOf(list(timestamp(tbs)), length))).isFalse();
    }

    @Test
    void refusesWhatWasSignedOfAnother() {
        assertThat(isLogged(tbs -> list(timestamp(Arrays.copyOf(tbs, tbs.length - 1))))).isFalse();
        Certificate good = identity(tbs -> list(timestamp(tbs))).certificate();
        assertThat(
                        CertificateTimestamps.isLogged(
                                good, FIXTURE.rootAuthority().certificate(), LOGS))
                .isFalse();
        assertThat(CertificateTimestamps.isLogged(good, ISSUER, List.of())).isFalse();
        assertThat(
                        CertificateTimestamps.isLogged(
                                good, ISSUER, logs(LOGGED.plus(Duration.ofHours(1)))))
                .isFalse();
        assertThat(CertificateTimestamps.isLogged(FIXTURE.publisher().certificate(), ISSUER, LOGS))
                .isFalse();
    }
}
