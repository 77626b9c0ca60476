package dev.modunest.format.trust.x509;

import dev.modunest.format.Digest;
import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerTime;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.math.BigInteger;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate of version 3 (RFC 5280 4.1) in DER, its well-known extensions read. Immutable. To
 * be well-formed says nothing of trust.
 */
public final class Certificate {

    private static final int MAX_BYTES = 1 << 16;
    private static final int VERSION_3 = 2;
    private static final Pattern PEM =
            Pattern.compile(
                    "\\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----\\s*");

    private final byte[] der;
    private final DerValue tbs;
    private final BigInteger serial;
    private final DerValue signatureAlgorithm;
    private final byte[] signature;
    private final DistinguishedName issuer;
    private final Validity validity;
    private final DistinguishedName subject;
    private final SubjectKey key;
    private final Map<String, Extension> extensions;
    private final ExtensionValues values;

    private Certificate(byte[] der) {
        this.der = der.clone();
        DerSequence parts = DerValue.parse(der).members(Tag.SEQUENCE);
        this.tbs = parts.next();
        this.signatureAlgorithm = parts.next();
        this.signature = parts.next().bitOctets();
        parts.end();
        DerSequence fields = tbs.members(Tag.SEQUENCE);
        int version =
                fields.nextIf(Tag.constructed(0))
                        .map(tagged -> tagged.inside(Tag.constructed(0)).smallInteger())
                        .orElse(0);
        if (version != VERSION_3) {
            throw new IllegalArgumentException("a certificate is not of version 3");
        }
        this.serial = fields.next().integer();
        DerValue innerAlgorithm = fields.next();
        if (!innerAlgorithm.equals(signatureAlgorithm)) {
            throw new IllegalArgumentException(
                    "a certificate names two different signature algorithms");
        }
        this.issuer = DistinguishedName.parse(fields.next());
        DerSequence times = fields.next().members(Tag.SEQUENCE);
        this.validity =
                Validity.of(
                        DerTime.ofCertificate(times.next()), DerTime.ofCertificate(times.next()));
        times.end();
        this.subject = DistinguishedName.parse(fields.next());
        this.key = SubjectKey.parse(fields.next());
        DerValue tagged = fields.next();
        this.extensions = Extension.parseAll(tagged.inside(Tag.constructed(3)));
        fields.end();
        this.values = ExtensionValues.read(extensions);
    }

    /**
     * Parses DER of at most 64 KiB.
     *
     * @throws IllegalArgumentException when it is malformed, in a well-known extension too
     */
    public static Certificate parse(byte[] der) {
        if (der.length > MAX_BYTES) {
            throw new IllegalArgumentException("a certificate has more than 64 KiB");
        }
        return new Certificate(der);
    }

    public byte[] der() {
        return der.clone();
    }

    /** RFC 7468, with lines of 64 characters. */
    public String pem() {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END CERTIFICATE-----\n";
    }

    /**
     * Reads one certificate of RFC 7468.
     *
     * @throws IllegalArgumentException when it is malformed
     */
    public static Certificate parsePem(String pem) {
        Matcher armoured = PEM.matcher(pem);
        if (!armoured.matches()) {
            throw new IllegalArgumentException("not one certificate in PEM");
        }
        return parse(Base64.getMimeDecoder().decode(armoured.group(1)));
    }

    public Digest digest() {
        return Digest.ofBytes(der);
    }

    /** TBSCertificate: what is signed. */
    public DerValue tbs() {
        return tbs;
    }

    public BigInteger serial() {
        return serial;
    }

    public Optional<SignatureMethod> signatureMethod() {
        return SignatureMethod.of(signatureAlgorithm);
    }

    public DistinguishedName issuer() {
        return issuer;
    }

    public Validity validity() {
        return validity;
    }

    public DistinguishedName subject() {
        return subject;
    }

    public SubjectKey key() {
        return key;
    }

    public Optional<Extension> extension(String oid) {
        return Optional.ofNullable(extensions.get(oid));
    }

    public Collection<Extension> extensions() {
        return extensions.values();
    }

    public boolean isCritical(String oid) {
        return extension(oid).map(Extension::critical).orElse(false);
    }

    /** The first critical extension that is none of these. */
    public Optional<String> criticalOtherThan(Set<String> known) {
        return extensions.values().stream()
                .filter(extension -> extension.critical() && !known.contains(extension.oid()))
                .map(Extension::oid)
                .findFirst();
    }

    public Optional<KeyUsage> keyUsage() {
        return values.keyUsage();
    }

    public Optional<BasicConstraints> basicConstraints() {
        return values.basicConstraints();
    }

    public boolean isCa() {
        return basicConstraints().map(BasicConstraints::ca).orElse(false);
    }

    /** The purposes of ExtendedKeyUsage; empty without the extension. */
    public Optional<List<String>> purposes() {
        return values.purposes();
    }

    /** SubjectAltName; no names without the extension. */
    public List<GeneralName> names() {
        return values.names();
    }

    public Optional<byte[]> subjectKeyId() {
        return values.subjectKeyId().map(byte[]::clone);
    }

    public Optional<AuthorityKeyId> authorityKeyId() {
        return values.authorityKeyId();
    }

    public Optional<NameConstraints> nameConstraints() {
        return values.nameConstraints();
    }

    /** Whether issuer and subject are the same name. */
    public boolean isSelfIssued() {
        return issuer.equals(subject);
    }

    /** Whether the certificate is signed by this key with one of the {@link SignatureMethod}s. */
    public boolean isSignedBy(PublicKey issuerKey) {
        return signatureMethod()
                .map(method -> method.verify(issuerKey, tbs.encoded(), signature))
                .orElse(false);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Certificate that && Arrays.equals(der, that.der);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(der);
    }

    @Override
    public String toString() {
        return "certificate " + serial.toString(16) + " of " + subject;
    }
}
