package dev.modunest.format.trust.testing;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.RevocationList;
import dev.modunest.format.trust.x509.RevocationReason;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A certificate authority with a P-256 key. */
public final class TestAuthority {

    private static final AtomicLong SERIALS = new AtomicLong(0x1234_5678_9abc_def0L);

    private final KeyPair keys;
    private final X500Name name;
    private final Certificate certificate;

    private TestAuthority(KeyPair keys, X500Name name, Certificate certificate) {
        this.keys = keys;
        this.name = name;
        this.certificate = certificate;
    }

    /** Changes a certificate before it is signed. */
    @FunctionalInterface
    public interface Extending {

        void extend(X509v3CertificateBuilder builder) throws IOException;

        default Extending and(Extending more) {
            return builder -> {
                extend(builder);
                more.extend(builder);
            };
        }
    }

    /** One entry of a revocation list. */
    public record Revoked(
            Certificate certificate,
            Instant time,
            RevocationReason reason,
            Optional<Instant> invalidity) {}

    public static TestAuthority root(String name, Instant start, Duration validity) {
        KeyPair keys = KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256);
        X500Name subject = new X500Name(name);
        Certificate certificate =
                sign(
                        keys,
                        keys.getPublic(),
                        subject,
                        keys.getPublic(),
                        subject,
                        start,
                        start.plus(validity),
                        ca(1));
        return new TestAuthority(keys, subject, certificate);
    }

    public TestAuthority issueAuthority(
            String subject, Instant start, Duration validity, Extending extending) {
        KeyPair below = KeyPairSigner.generate(SignatureAlgorithm.ECDSA_P256);
        Certificate issued =
                issue(
                        below.getPublic(),
                        subject,
                        start,
                        start.plus(validity),
                        ca(0).and(extending));
        return new TestAuthority(below, new X500Name(subject), issued);
    }

    public static Extending ca(int pathLength) {
        return builder -> {
            builder.addExtension(
                    Extension.basicConstraints, true, new BasicConstraints(pathLength));
            builder.addExtension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        };
    }

    /** A certificate with key identifiers and what is added to it. */
    public Certificate issue(
            PublicKey key, String subject, Instant start, Instant end, Extending extending) {
        return sign(
                keys, keys.getPublic(), name, key, new X500Name(subject), start, end, extending);
    }

    private static Certificate sign(
            KeyPair issuerKeys,
            PublicKey issuerKey,
            X500Name issuer,
            PublicKey key,
            X500Name subject,
            Instant start,
            Instant end,
            Extending extending) {
        try {
            X509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            issuer,
                            BigInteger.valueOf(SERIALS.incrementAndGet()),
                            Date.from(start),
                            Date.from(end),
                            subject,
                            key);
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    identifiers.createSubjectKeyIdentifier(key));
            if (!key.equals(issuerKey)) {
                builder.addExtension(
                        Extension.authorityKeyIdentifier,
                        false,
                        identifiers.createAuthorityKeyIdentifier(issuerKey));
            }
            extending.extend(builder);
            return Certificate.parse(
                    builder.build(
                                    new JcaContentSignerBuilder("SHA256withECDSA")
                                            .build(issuerKeys.getPrivate()))
                            .getEncoded());
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        } catch (OperatorCreationException | NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    public RevocationList revoke(Instant now, Duration validity, List<Revoked> revoked) {
        return RevocationList.parse(revokeDer(now, validity, 7, revoked));
    }

    public byte[] revokeDer(Instant now, Duration validity, long number, List<Revoked> revoked) {
        try {
            X509v2CRLBuilder builder = new X509v2CRLBuilder(name, Date.from(now));
            builder.setNextUpdate(Date.from(now.plus(validity)));
            for (Revoked entry : revoked) {
                ExtensionsGenerator extensions = new ExtensionsGenerator();
                extensions.addExtension(
                        Extension.reasonCode,
                        false,
                        org.bouncycastle.asn1.x509.CRLReason.lookup(entry.reason().code()));
                if (entry.invalidity().isPresent()) {
                    extensions.addExtension(
                            Extension.invalidityDate,
                            false,
                            new org.bouncycastle.asn1.ASN1GeneralizedTime(
                                    Date.from(entry.invalidity().get())));
                }
                builder.addCRLEntry(
                        entry.certificate().serial(),
                        Date.from(entry.time()),
                        extensions.generate());
            }
            builder.addExtension(
                    Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(keys.getPublic()));
            return builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        } catch (OperatorCreationException | NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    public Certificate certificate() {
        return certificate;
    }
}
