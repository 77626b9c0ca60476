package dev.modunest.format.trust.stamp;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.SignatureMethod;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A granted time stamp (RFC 3161 2.4.2): CMS SignedData (RFC 5652 5.1) with one signer and,
 * perhaps, certificates, which are not trusted. There are no unsigned attributes; the text beside
 * the status is passed over. Immutable.
 */
public final class TimeStampToken {

    private static final int MAX_BYTES = 64 << 10;
    private static final String SIGNED_DATA = "1.2.840.113549.1.7.2";
    private static final String TST_INFO = "1.2.840.113549.1.9.16.1.4";
    private static final int MAX_CERTIFICATES = 8;

    private final TimeStampInfo info;
    private final byte[] content;
    private final List<Certificate> certificates;
    private final DerValue signerIssuer;
    private final BigInteger signerSerial;
    private final HashAlgorithm hash;
    private final DerValue attributes;
    private final SignedAttributes signed;
    private final DerValue signatureAlgorithm;
    private final byte[] signature;

    private TimeStampToken(DerValue contentInfo) {
        DerSequence outer = contentInfo.members(Tag.SEQUENCE);
        requireOid(outer.next(), SIGNED_DATA);
        DerSequence data = outer.next().inside(Tag.constructed(0)).members(Tag.SEQUENCE);
        outer.end();
        if (data.next().smallInteger() != 3) {
            throw new IllegalArgumentException("a time stamp is not SignedData of version 3");
        }
        HashAlgorithm announced = HashAlgorithm.of(data.next().inside(Tag.SET));
        DerSequence encapsulated = data.next().members(Tag.SEQUENCE);
        requireOid(encapsulated.next(), TST_INFO);
        this.content = encapsulated.next().inside(Tag.constructed(0)).octets();
        encapsulated.end();
        this.info = TimeStampInfo.parse(content);
        this.certificates =
                data.nextIf(Tag.constructed(0)).map(TimeStampToken::certificates).orElse(List.of());
        DerSequence signer = data.next().inside(Tag.SET).members(Tag.SEQUENCE);
        data.end();
        if (signer.next().smallInteger() != 1) {
            throw new IllegalArgumentException("the signer of a time stamp is not of version 1");
        }
        DerSequence issuerAndSerial = signer.next().members(Tag.SEQUENCE);
        this.signerIssuer = issuerAndSerial.next();
        this.signerSerial = issuerAndSerial.next().integer();
        issuerAndSerial.end();
        this.hash = HashAlgorithm.of(signer.next());
        if (hash != announced) {
            throw new IllegalArgumentException("a time stamp announces another hash than it uses");
        }
        this.attributes = signer.next();
        this.signed = new SignedAttributes(attributes);
        this.signatureAlgorithm = signer.next();
        this.signature = signer.next().octets();
        signer.end();
    }

    /**
     * Reads a TimeStampResp of at most 64 KiB that was granted as asked.
     *
     * @throws IllegalArgumentException when it is malformed or was not granted
     */
    public static TimeStampToken parse(byte[] response) {
        if (response.length > MAX_BYTES) {
            throw new IllegalArgumentException("a time stamp has more than 64 KiB");
        }
        DerSequence fields = DerValue.parse(response).members(Tag.SEQUENCE);
        DerSequence status = fields.next().members(Tag.SEQUENCE);
        if (status.next().smallInteger() != 0) {
            throw new IllegalArgumentException("a time stamp was not granted as asked");
        }
        status.nextIf(Tag.SEQUENCE);
        status.end();
        DerValue contentInfo = fields.next();
        fields.end();
        return new TimeStampToken(contentInfo);
    }

    private static void requireOid(DerValue value, String oid) {
        if (!value.oid().equals(oid)) {
            throw new IllegalArgumentException("a time stamp has a part of type " + value.oid());
        }
    }

    private static List<Certificate> certificates(DerValue set) {
        List<Certificate> certificates = new ArrayList<>();
        for (DerValue value : set.members(Tag.constructed(0)).rest()) {
            certificates.add(Certificate.parse(value.encoded()));
        }
        if (certificates.size() > MAX_CERTIFICATES
                || Set.copyOf(certificates).size() != certificates.size()) {
            throw new IllegalArgumentException("a time stamp has too many certificates");
        }
        return List.copyOf(certificates);
    }

    public TimeStampInfo info() {
        return info;
    }

    /** What came with the stamp; not trusted for that. */
    public List<Certificate> certificates() {
        return certificates;
    }

    /** Whether the signer says that this is its certificate. */
    public boolean isNamed(Certificate certificate) {
        return signerIssuer.equals(certificate.issuer().value())
                && signerSerial.equals(certificate.serial());
    }

    /** Why this is no stamp on {@code message}; empty when it is, if its signature is right. */
    public Optional<String> faultOver(byte[] message) {
        return Arrays.equals(info.imprint().bytes(), info.hash().digest(message))
                ? Optional.empty()
                : Optional.of("the time stamp is for something else");
    }

    /** Why the holder of the certificate did not sign; empty when it did. */
    public Optional<String> faultBy(Certificate signer) {
        if (!isNamed(signer)) {
            return Optional.of("the time stamp is of another signer");
        }
        try {
            if (!signed.contentType().equals(TST_INFO) || !signed.names(signer)) {
                return Optional.of("the time stamp is bound to another certificate");
            }
            if (!Arrays.equals(signed.messageDigest(), hash.digest(content))) {
                return Optional.of("the time stamp signs another content");
            }
        } catch (IllegalArgumentException malformed) {
            return Optional.ofNullable(malformed.getMessage());
        }
        boolean verified =
                SignatureMethod.of(signatureAlgorithm)
                        .flatMap(
                                method ->
                                        signer.key()
                                                .publicKey()
                                                .map(
                                                        key ->
                                                                method.verify(
                                                                        key,
                                                                        attributes.encodedAs(
                                                                                Tag.SET),
                                                                        signature)))
                        .orElse(false);
        return verified
                ? Optional.empty()
                : Optional.of("the time stamp is not signed by the key of its certificate");
    }
}
