package dev.modunest.format.trust.stamp;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;
import dev.modunest.format.trust.x509.Certificate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The signed attributes of a time stamp (RFC 5652 5.3): its content type, the hash of the content,
 * and the certificate of who signs (RFC 5816, ESSCertIDv2), which must be there.
 */
final class SignedAttributes {

    private static final String CONTENT_TYPE = "1.2.840.113549.1.9.3";
    private static final String MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    private static final String SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";

    private final Map<String, DerValue> values = new HashMap<>();

    SignedAttributes(DerValue set) {
        DerValue before = null;
        for (DerValue attribute : set.members(Tag.constructed(0)).rest()) {
            if (before != null
                    && Arrays.compareUnsigned(before.encoded(), attribute.encoded()) >= 0) {
                throw new IllegalArgumentException("signed attributes are not in their order");
            }
            before = attribute;
            DerSequence fields = attribute.members(Tag.SEQUENCE);
            String type = fields.next().oid();
            DerValue value = fields.next().inside(Tag.SET);
            fields.end();
            if (values.put(type, value) != null) {
                throw new IllegalArgumentException("a signed attribute is there twice");
            }
        }
    }

    private DerValue get(String type) {
        DerValue value = values.get(type);
        if (value == null) {
            throw new IllegalArgumentException("the signed attribute " + type + " is missing");
        }
        return value;
    }

    String contentType() {
        return get(CONTENT_TYPE).oid();
    }

    byte[] messageDigest() {
        return get(MESSAGE_DIGEST).octets();
    }

    /** Whether the first ESSCertIDv2 is that of the certificate. */
    boolean names(Certificate certificate) {
        DerSequence signing = get(SIGNING_CERTIFICATE_V2).members(Tag.SEQUENCE);
        DerSequence first = signing.next().members(Tag.SEQUENCE).next().members(Tag.SEQUENCE);
        HashAlgorithm hash =
                first.nextIf(Tag.SEQUENCE).map(HashAlgorithm::of).orElse(HashAlgorithm.SHA_256);
        if (!Arrays.equals(first.next().octets(), hash.digest(certificate.der()))) {
            return false;
        }
        if (!first.hasNext()) {
            return true;
        }
        DerSequence issuerSerial = first.next().members(Tag.SEQUENCE);
        DerValue issuer =
                issuerSerial.next().members(Tag.SEQUENCE).next().inside(Tag.constructed(4));
        return issuer.equals(certificate.issuer().value())
                && issuerSerial.next().integer().equals(certificate.serial());
    }
}
