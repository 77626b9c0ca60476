package dev.modunest.server.x509;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.cert.X509CRLEntryHolder;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Optional;

/**
 * A list of revocations under way (RFC 5280 5): version 2, with its number and the key identifier
 * of the authority. Certificates stay on it when they are over (X.509 9.5.2.8, expiredCertsOnCRL),
 * since signatures of their time are still checked.
 */
public final class RevocationListWriter {

    /** The key of an authority is in other hands. */
    public static final String CA_COMPROMISE = "ca-compromise";

    private static final ASN1ObjectIdentifier EXPIRED_CERTIFICATES =
            new ASN1ObjectIdentifier("2.5.29.60");

    private final Authority authority;
    private final X509v2CRLBuilder builder;

    public RevocationListWriter(Authority authority, long number, Instant now, Instant next) {
        this.authority = authority;
        this.builder =
                new X509v2CRLBuilder(
                        CertificateProfile.subjectOf(authority),
                        CertificateWriter.time(now.truncatedTo(ChronoUnit.SECONDS)));
        builder.setNextUpdate(CertificateWriter.time(next.truncatedTo(ChronoUnit.SECONDS)));
        try {
            builder.addExtension(
                    Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(authority.certificate()));
            builder.addExtension(
                    EXPIRED_CERTIFICATES,
                    false,
                    CertificateWriter.generalizedTime(
                            authority.certificate().getNotBefore().toInstant()));
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalStateException("the extensions are encoded in memory", impossible);
        }
    }

    /**
     * One more certificate.
     *
     * @param reason the words of {@code docs/operations/trust.md}
     * @param invalidFrom from when its signatures are bad (RFC 5280 5.3.2)
     */
    public void add(String serial, Instant at, String reason, Optional<Instant> invalidFrom) {
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        try {
            extensions.addExtension(Extension.reasonCode, false, CRLReason.lookup(code(reason)));
            if (invalidFrom.isPresent()) {
                extensions.addExtension(
                        Extension.invalidityDate,
                        false,
                        CertificateWriter.generalizedTime(invalidFrom.get()));
            }
        } catch (IOException impossible) {
            throw new IllegalStateException("the extensions are encoded in memory", impossible);
        }
        Extensions made = extensions.generate();
        builder.addCRLEntry(
                new BigInteger(serial, 16), Date.from(at.truncatedTo(ChronoUnit.SECONDS)), made);
    }

    /** Every certificate of an earlier list but {@code except}. */
    public void continueFrom(byte[] before, Optional<BigInteger> except) {
        try {
            for (Object listed : new X509CRLHolder(before).getRevokedCertificates()) {
                X509CRLEntryHolder entry = (X509CRLEntryHolder) listed;
                if (!except.equals(Optional.of(entry.getSerialNumber()))) {
                    builder.addCRLEntry(
                            entry.getSerialNumber(),
                            entry.getRevocationDate(),
                            entry.getExtensions());
                }
            }
        } catch (IOException malformed) {
            throw new IllegalArgumentException("the list before is none", malformed);
        }
    }

    private static int code(String reason) {
        return switch (reason) {
            case "key-compromise" -> CRLReason.keyCompromise;
            case CA_COMPROMISE -> CRLReason.cACompromise;
            case "superseded" -> CRLReason.superseded;
            case "cessation-of-operation" -> CRLReason.cessationOfOperation;
            default -> throw new IllegalArgumentException("no reason " + reason);
        };
    }

    /** The list, DER. */
    public byte[] sign() {
        try {
            return builder.build(new SignerContent(authority.signer())).getEncoded();
        } catch (IOException impossible) {
            throw new IllegalStateException("the list is encoded in memory", impossible);
        }
    }
}
