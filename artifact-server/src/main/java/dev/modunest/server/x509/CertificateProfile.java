package dev.modunest.server.x509;

import dev.modunest.format.sign.Signer;
import dev.modunest.format.sign.VerifyingKey;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.KeyPurposeId;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * The certificates that there are, {@code docs/operations/trust.md}. Each begins a minute before it
 * is made, for clocks that are behind, and is issued in seconds.
 */
public final class CertificateProfile {

    public static final Duration ROOT_VALIDITY = Duration.ofDays(3_652);
    public static final Duration ISSUING_VALIDITY = Duration.ofDays(730);
    public static final Duration TIME_STAMPING_VALIDITY = Duration.ofDays(365);
    public static final Duration REGISTRY_VALIDITY = Duration.ofDays(90);

    /** Fulcio's extensions, each a DER UTF8String. */
    private static final String ISSUER = "1.3.6.1.4.1.57264.1.8";

    private static final String BUILD_SIGNER = "1.3.6.1.4.1.57264.1.9";
    private static final String REPOSITORY = "1.3.6.1.4.1.57264.1.12";
    private static final String REPOSITORY_ID = "1.3.6.1.4.1.57264.1.15";

    private static final Duration SKEW = Duration.ofMinutes(1);
    private static final X500Name NOBODY = new X500Name(new org.bouncycastle.asn1.x500.RDN[0]);

    private CertificateProfile() {}

    /** The root, which signs itself: two more levels below, no other use. */
    public static X509Certificate root(RegistryNames names, Signer key, Instant now) {
        X500Name name = names.authority("Root R1");
        return writer(name, name, key.key(), now, ROOT_VALIDITY).authority(1).sign(key);
    }

    /**
     * An authority that certifies publishers and the registry, and no authorities.
     *
     * @param id {@code i1}
     */
    public static X509Certificate issuing(
            RegistryNames names, String id, VerifyingKey key, Authority root, Instant now) {
        X500Name subject = names.authority("Publisher Issuing CA " + id.toUpperCase(Locale.ROOT));
        return writer(subjectOf(root), subject, key, now, ISSUING_VALIDITY)
                .signedBy(root.certificate())
                .authority(0)
                .purpose(KeyPurposeId.id_kp_codeSigning, false)
                .sign(root.signer());
    }

    /**
     * Says nothing but which key it is of: a PKCS#12 has no key without a certificate (RFC 7292).
     */
    public static X509Certificate placeholder(Signer key, Instant now) {
        X500Name name = new X500Name("CN=none yet");
        return writer(name, name, key.key(), now, ROOT_VALIDITY).endEntity().sign(key);
    }

    /** Of the time stamping authority: critical and alone, as RFC 3161 2.3 demands. */
    public static X509Certificate timeStamping(
            RegistryNames names, VerifyingKey key, Authority root, Instant now) {
        return writer(
                        subjectOf(root),
                        names.authority("Time Stamping Authority"),
                        key,
                        now,
                        TIME_STAMPING_VALIDITY)
                .signedBy(root.certificate())
                .endEntity()
                .purpose(KeyPurposeId.id_kp_timeStamping, true)
                .sign(root.signer());
    }

    /** Of the registry itself, which signs summaries of its verification. */
    public static X509Certificate registry(
            RegistryNames names,
            String issuing,
            VerifyingKey key,
            Authority authority,
            Instant now) {
        return signing(names, issuing, names.registry(), key, authority, now, REGISTRY_VALIDITY)
                .text(ISSUER, names.issuer())
                .sign(authority.signer());
    }

    /**
     * Of a publisher.
     *
     * @param issuing the id of the authority
     * @param job empty for a key that the publisher keeps
     */
    public static X509Certificate publisher(
            RegistryNames names,
            String issuing,
            String namespace,
            VerifyingKey key,
            Optional<CiIdentity> job,
            Authority authority,
            Instant now,
            Duration validity) {
        CertificateWriter writer =
                signing(names, issuing, names.publisher(namespace), key, authority, now, validity);
        writer.text(ISSUER, job.map(CiIdentity::issuer).orElseGet(names::issuer));
        job.flatMap(CiIdentity::buildSigner).ifPresent(uri -> writer.text(BUILD_SIGNER, uri));
        job.flatMap(CiIdentity::repository).ifPresent(uri -> writer.text(REPOSITORY, uri));
        job.flatMap(CiIdentity::repositoryId).ifPresent(id -> writer.text(REPOSITORY_ID, id));
        return writer.sign(authority.signer());
    }

    private static CertificateWriter signing(
            RegistryNames names,
            String issuing,
            URI identity,
            VerifyingKey key,
            Authority authority,
            Instant now,
            Duration validity) {
        return writer(subjectOf(authority), NOBODY, key, now, validity)
                .signedBy(authority.certificate())
                .endEntity()
                .purpose(KeyPurposeId.id_kp_codeSigning, false)
                .identity(identity)
                .revocationList(names.revocationList(issuing));
    }

    private static CertificateWriter writer(
            X500Name issuer, X500Name subject, VerifyingKey key, Instant now, Duration validity) {
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        return new CertificateWriter(
                issuer, subject, key, second.minus(SKEW), second.plus(validity));
    }

    static X500Name subjectOf(Authority authority) {
        return X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded());
    }
}
