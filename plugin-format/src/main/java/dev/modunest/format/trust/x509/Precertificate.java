package dev.modunest.format.trust.x509;

import dev.modunest.format.Digest;
import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * What a log of certificates signs when it promises to log one (RFC 6962 3.2): the certificate
 * without the promises, bound to the key of its issuer.
 */
public final class Precertificate {

    private final byte[] tbs;
    private final byte[] issuerKeyHash;

    private Precertificate(byte[] tbs, byte[] issuerKeyHash) {
        this.tbs = tbs;
        this.issuerKeyHash = issuerKeyHash;
    }

    public static Precertificate of(Certificate certificate, Certificate issuer) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        for (DerSequence all = certificate.tbs().members(Tag.SEQUENCE); all.hasNext(); ) {
            DerValue field = all.next();
            fields.writeBytes(
                    field.is(Tag.constructed(3))
                            ? tlv(Tag.constructed(3), withoutPromises(field))
                            : field.encoded());
        }
        return new Precertificate(
                tlv(Tag.SEQUENCE, fields.toByteArray()),
                HexFormat.of().parseHex(Digest.ofBytes(issuer.key().spki()).hex()));
    }

    private static byte[] withoutPromises(DerValue tagged) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        DerSequence extensions = tagged.inside(Tag.constructed(3)).members(Tag.SEQUENCE);
        while (extensions.hasNext()) {
            DerValue extension = extensions.next();
            if (!extension.members(Tag.SEQUENCE).next().oid().equals(Oids.SCT_LIST)) {
                kept.writeBytes(extension.encoded());
            }
        }
        return tlv(Tag.SEQUENCE, kept.toByteArray());
    }

    private static byte[] tlv(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int octets = (39 - Integer.numberOfLeadingZeros(content.length)) / 8;
            out.write(0x80 | octets);
            for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
                out.write(content.length >> shift);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** The bytes under the signature of a promise that was made at that time, in milliseconds. */
    public byte[] signed(long millis, byte[] extensions) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        out.write(0);
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(millis).array());
        out.write(0);
        out.write(1);
        out.writeBytes(issuerKeyHash);
        out.write(tbs.length >> 16);
        out.write(tbs.length >> 8);
        out.write(tbs.length);
        out.writeBytes(tbs);
        out.write(extensions.length >> 8);
        out.write(extensions.length);
        out.writeBytes(extensions);
        return out.toByteArray();
    }
}
