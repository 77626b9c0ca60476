package dev.modunest.format.trust.testing;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.trust.x509.Certificate;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.bouncycastle.util.CollectionStore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/** A time-stamping authority (RFC 3161). */
public final class TestClock {

    public static final TestAuthority.Extending PROFILE =
            builder -> {
                builder.addExtension(
                        Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
                builder.addExtension(
                        Extension.extendedKeyUsage,
                        true,
                        new ExtendedKeyUsage(KeyPurposeId.id_kp_timeStamping));
            };

    private final KeyPair keys = KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256);
    private final Certificate certificate;

    public TestClock(
            TestAuthority authority,
            Instant start,
            Duration validity,
            TestAuthority.Extending profile) {
        this.certificate =
                authority.issue(
                        keys.getPublic(), "O=example,CN=TSA", start, start.plus(validity), profile);
    }

    public Certificate certificate() {
        return certificate;
    }

    /** A granted TimeStampResp over a message. */
    public byte[] stamp(byte[] message, Instant time, boolean withCertificate) {
        try {
            DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
            TimeStampTokenGenerator tokens =
                    new TimeStampTokenGenerator(
                            new JcaSimpleSignerInfoGeneratorBuilder()
                                    .build(
                                            "SHA256withECDSA",
                                            keys.getPrivate(),
                                            new X509CertificateHolder(certificate.der())),
                            digests.get(new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256)),
                            new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1"));
            tokens.setAccuracySeconds(1);
            if (withCertificate) {
                tokens.addCertificates(
                        new CollectionStore<>(
                                List.of(new X509CertificateHolder(certificate.der()))));
            }
            TimeStampRequestGenerator requests = new TimeStampRequestGenerator();
            requests.setCertReq(withCertificate);
            TimeStampRequest request =
                    requests.generate(
                            TSPAlgorithms.SHA256,
                            MessageDigest.getInstance("SHA-256").digest(message));
            return new TimeStampResponseGenerator(tokens, Set.of(TSPAlgorithms.SHA256))
                    .generateGrantedResponse(
                            request, BigInteger.valueOf(time.toEpochMilli()), Date.from(time), null)
                    .getEncoded();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        } catch (OperatorCreationException | NoSuchAlgorithmException | TSPException refused) {
            throw new IllegalStateException(refused);
        }
    }
}
