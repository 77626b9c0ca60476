package dev.modunest.server.x509;

import dev.modunest.format.sign.Signer;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.server.key.Certificates;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1GeneralizedTime;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** One certificate under way: version 3, a random serial number, key identifiers (RFC 5280 4). */
final class CertificateWriter {

    /** 127 random bits, so that the DER of no serial has more than 16 bytes. */
    private static final int SERIAL_BITS = 127;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final DateTimeFormatter UTC_TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Instant LAST_OF_UTC_TIME = Instant.parse("2049-12-31T23:59:59Z");

    private final X509v3CertificateBuilder builder;

    CertificateWriter(
            X500Name issuer, X500Name subject, VerifyingKey key, Instant from, Instant until) {
        SubjectPublicKeyInfo spki = SubjectPublicKeyInfo.getInstance(key.spki());
        this.builder =
                new X509v3CertificateBuilder(
                        issuer,
                        new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1),
                        time(from),
                        time(until),
                        subject,
                        spki);
        add(Extension.subjectKeyIdentifier, false, utilities().createSubjectKeyIdentifier(spki));
    }

    /** UTCTime to 2049, GeneralizedTime from then on (RFC 5280 4.1.2.5). */
    static Time time(Instant instant) {
        return instant.isAfter(LAST_OF_UTC_TIME)
                ? new Time(new ASN1GeneralizedTime(GENERALIZED_TIME.format(instant)))
                : new Time(new org.bouncycastle.asn1.ASN1UTCTime(UTC_TIME.format(instant)));
    }

    static ASN1GeneralizedTime generalizedTime(Instant instant) {
        return new ASN1GeneralizedTime(GENERALIZED_TIME.format(instant));
    }

    private static JcaX509ExtensionUtils utilities() {
        try {
            return new JcaX509ExtensionUtils();
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("the JDK has SHA-1", missing);
        }
    }

    private CertificateWriter add(ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) {
        try {
            builder.addExtension(id, critical, value);
            return this;
        } catch (IOException impossible) {
            throw new IllegalStateException("the extension is encoded in memory", impossible);
        }
    }

    CertificateWriter signedBy(X509Certificate authority) {
        try {
            return add(
                    Extension.authorityKeyIdentifier,
                    false,
                    new org.bouncycastle.asn1.x509.AuthorityKeyIdentifier(
                            org.bouncycastle.asn1.x509.SubjectKeyIdentifier.fromExtensions(
                                            new org.bouncycastle.cert.jcajce
                                                            .JcaX509CertificateHolder(authority)
                                                    .getExtensions())
                                    .getKeyIdentifier()));
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("a certificate has an encoding", impossible);
        }
    }

    CertificateWriter authority(int pathLength) {
        add(Extension.basicConstraints, true, new BasicConstraints(pathLength));
        return add(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    }

    CertificateWriter endEntity() {
        add(Extension.basicConstraints, true, new BasicConstraints(false));
        return add(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    }

    CertificateWriter purpose(KeyPurposeId purpose, boolean critical) {
        return add(Extension.extendedKeyUsage, critical, new ExtendedKeyUsage(purpose));
    }

    /** Critical, since the subject is empty (RFC 5280 4.2.1.6). */
    CertificateWriter identity(URI uri) {
        return add(
                Extension.subjectAlternativeName,
                true,
                new GeneralNames(
                        new GeneralName(GeneralName.uniformResourceIdentifier, uri.toString())));
    }

    CertificateWriter revocationList(URI uri) {
        GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, uri.toString());
        return add(
                Extension.cRLDistributionPoints,
                false,
                new CRLDistPoint(
                        new DistributionPoint[] {
                            new DistributionPoint(
                                    new DistributionPointName(new GeneralNames(name)), null, null)
                        }));
    }

    CertificateWriter text(String id, String value) {
        return add(new ASN1ObjectIdentifier(id), false, new DERUTF8String(value));
    }

    X509Certificate sign(Signer signer) {
        try {
            return Certificates.ofDer(builder.build(new SignerContent(signer)).getEncoded());
        } catch (IOException impossible) {
            throw new IllegalStateException("the certificate is encoded in memory", impossible);
        }
    }
}
