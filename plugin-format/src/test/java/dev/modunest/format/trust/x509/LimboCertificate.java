package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.json.Octets;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CRLHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** A certificate with its key; each is made as x509-limbo makes them, but for what is changed. */
record LimboCertificate(KeyPair keys, X500Name subject, BigInteger serial, Octets der) {

    private static final AtomicLong SERIALS = new AtomicLong(0x1234_5678_9abc_def0L);
    private static final int SIGN_CERTIFICATES = KeyUsage.keyCertSign | KeyUsage.cRLSign;

    /** What is not signed yet. */
    static final class Draft {

        X500Name issuer;
        X500Name subject;
        KeyPair keys = LimboCertificate.keys("P-256");
        KeyPair signer;
        Instant start = Instant.parse("1990-01-01T00:00:00Z");
        Instant end = Instant.parse("2969-05-03T00:00:00Z");
        final BigInteger serial = BigInteger.valueOf(SERIALS.incrementAndGet());
        private final Map<ASN1ObjectIdentifier, Extension> extensions = new LinkedHashMap<>();

        private Draft(X500Name issuer, X500Name subject) {
            this.issuer = issuer;
            this.subject = subject;
            this.signer = keys;
        }

        Draft set(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value) {
            try {
                return raw(oid, critical, value.toASN1Primitive().getEncoded("DER"));
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
        }

        Draft raw(ASN1ObjectIdentifier oid, boolean critical, byte[] value) {
            extensions.put(oid, new Extension(oid, critical, new DEROctetString(value)));
            return this;
        }

        Draft drop(ASN1ObjectIdentifier oid) {
            extensions.remove(oid);
            return this;
        }

        Draft names(GeneralName... names) {
            return set(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }

        Draft purposes(boolean critical, KeyPurposeId... purposes) {
            return set(Extension.extendedKeyUsage, critical, new ExtendedKeyUsage(purposes));
        }

        private LimboCertificate sign() {
            try {
                JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
                if (!extensions.containsKey(Extension.subjectKeyIdentifier)) {
                    set(
                            Extension.subjectKeyIdentifier,
                            false,
                            identifiers.createSubjectKeyIdentifier(keys.getPublic()));
                }
                X509v3CertificateBuilder builder =
                        new X509v3CertificateBuilder(
                                issuer,
                                serial,
                                Date.from(start),
                                Date.from(end),
                                subject,
                                SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
                for (Extension extension : extensions.values()) {
                    if (extension.getExtnValue().getOctets().length > 0) {
                        builder.addExtension(extension);
                    }
                }
                return new LimboCertificate(
                        keys,
                        subject,
                        serial,
                        Octets.of(builder.build(signer(signer)).getEncoded()));
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            } catch (GeneralSecurityException missing) {
                throw new IllegalStateException(missing);
            }
        }
    }

    static LimboCertificate root(Consumer<Draft> change) {
        X500Name name = new X500Name("CN=x509-limbo-root");
        Draft draft = authority(new Draft(name, name), -1);
        change.accept(draft);
        return draft.sign();
    }

    static LimboCertificate root() {
        return root(_ -> {});
    }

    /** {@code pathLength} -1 is none. */
    LimboCertificate below(int pathLength, Consumer<Draft> change) {
        Draft draft = new Draft(subject, new X500Name("CN=x509-limbo-intermediate,OU=" + serial));
        signedByThis(authority(draft, pathLength));
        change.accept(draft);
        return draft.sign();
    }

    LimboCertificate leaf(Consumer<Draft> change) {
        Draft draft = new Draft(subject, new X500Name("CN=example.com"));
        signedByThis(draft);
        draft.set(Extension.keyUsage, false, new KeyUsage(KeyUsage.digitalSignature));
        draft.purposes(false, KeyPurposeId.id_kp_serverAuth);
        draft.names(dns("example.com"));
        change.accept(draft);
        return draft.sign();
    }

    LimboCertificate leaf() {
        return leaf(_ -> {});
    }

    private static Draft authority(Draft draft, int pathLength) {
        draft.set(
                Extension.basicConstraints,
                true,
                pathLength < 0 ? new BasicConstraints(true) : new BasicConstraints(pathLength));
        draft.set(Extension.keyUsage, false, new KeyUsage(SIGN_CERTIFICATES));
        return draft.names(dns("example.com"));
    }

    private void signedByThis(Draft draft) {
        draft.signer = keys;
        try {
            draft.set(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(keys.getPublic()));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** A revocation list that is numbered and current for a month. */
    X509CRLHolder revoke(Consumer<X509v2CRLBuilder> change, BigInteger... serials) {
        return list(
                keys,
                builder -> {
                    add(builder, Extension.cRLNumber, false, new CRLNumber(BigInteger.TEN));
                    change.accept(builder);
                },
                serials);
    }

    X509CRLHolder list(KeyPair signing, Consumer<X509v2CRLBuilder> change, BigInteger... serials) {
        X509v2CRLBuilder builder =
                new X509v2CRLBuilder(subject, Date.from(Limbo.NOW.minusSeconds(86_400)));
        builder.setNextUpdate(Date.from(Limbo.NOW.plusSeconds(30 * 86_400)));
        for (BigInteger revoked : serials) {
            builder.addCRLEntry(revoked, Date.from(Limbo.NOW.minusSeconds(86_400)), 0);
        }
        try {
            add(
                    builder,
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(keys.getPublic()));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
        change.accept(builder);
        return builder.build(signer(signing));
    }

    static void add(
            X509v2CRLBuilder builder,
            ASN1ObjectIdentifier oid,
            boolean critical,
            ASN1Encodable value) {
        try {
            builder.addExtension(oid, critical, value);
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    static KeyPair keys(String algorithm) {
        try {
            KeyPairGenerator generator =
                    KeyPairGenerator.getInstance(algorithm.equals("P-256") ? "EC" : algorithm);
            if (algorithm.equals("P-256")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private static ContentSigner signer(KeyPair keys) {
        String method =
                keys.getPrivate().getParams() instanceof NamedParameterSpec named
                        ? named.getName()
                        : "SHA256withECDSA";
        try {
            return new JcaContentSignerBuilder(method).build(keys.getPrivate());
        } catch (OperatorCreationException missing) {
            throw new IllegalStateException(missing);
        }
    }

    static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    static GeneralName ip(String address) {
        return new GeneralName(GeneralName.iPAddress, address);
    }

    static GeneralName directory(String name) {
        return new GeneralName(new X500Name(name));
    }

    String pem() {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(der.bytes())
                + "\n-----END CERTIFICATE-----\n";
    }
}
