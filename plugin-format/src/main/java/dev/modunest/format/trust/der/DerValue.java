package dev.modunest.format.trust.der;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One value in DER (X.690 10, 11): a tag below 31, a definite length in its shortest form and the
 * content. A parsed value is canonical down to the last value inside it, but for the order of a SET
 * OF. Immutable. What is malformed is an IllegalArgumentException.
 */
public final class DerValue {

    private static final int MAX_DEPTH = 32;
    private static final int CONSTRUCTED = 0x20;
    private static final int TAG_NUMBER = 0x1f;

    private final byte[] source;
    private final int start;
    private final int contentStart;
    private final int end;

    private DerValue(byte[] source, int start, int contentStart, int end) {
        this.source = source;
        this.start = start;
        this.contentStart = contentStart;
        this.end = end;
    }

    /** The one value that {@code der} is, with nothing after it. */
    public static DerValue parse(byte[] der) {
        DerValue value = at(der.clone(), 0, der.length);
        if (value.end != der.length) {
            throw new IllegalArgumentException(
                    (der.length - value.end) + " bytes follow the DER value");
        }
        value.checkInside(1);
        return value;
    }

    static DerValue at(byte[] source, int start, int limit) {
        if (limit - start < 2) {
            throw new IllegalArgumentException("a DER value is cut off");
        }
        if ((source[start] & TAG_NUMBER) == TAG_NUMBER) {
            throw new IllegalArgumentException("a DER tag above 30 has no place here");
        }
        int first = source[start + 1] & 0xff;
        int content = start + 2;
        int length = first;
        if (first >= 0x80) {
            int octets = first - 0x80;
            if (octets == 0 || octets > 3 || limit - content < octets) {
                throw new IllegalArgumentException("a DER length is indefinite or out of range");
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = (length << 8) | (source[content + i] & 0xff);
            }
            content += octets;
            if (length < 0x80 || length >>> (8 * (octets - 1)) == 0) {
                throw new IllegalArgumentException("a DER length is not in its shortest form");
            }
        }
        if (length > limit - content) {
            throw new IllegalArgumentException("a DER value is longer than what holds it");
        }
        return new DerValue(source, start, content, content + length);
    }

    private void checkInside(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("DER is nested deeper than " + MAX_DEPTH);
        }
        if (isConstructed()) {
            for (DerSequence inside = members(); inside.hasNext(); ) {
                inside.next().checkInside(depth + 1);
            }
            return;
        }
        switch (tag()) {
            case Tag.BOOLEAN -> bool();
            case Tag.INTEGER, Tag.ENUMERATED -> checkInteger();
            case Tag.BIT_STRING -> unusedBits();
            case Tag.OID -> oid();
            case Tag.NULL -> checkNull();
            case Tag.SEQUENCE & ~CONSTRUCTED, Tag.SET & ~CONSTRUCTED ->
                    throw new IllegalArgumentException("a SEQUENCE or SET is not constructed");
            default -> {}
        }
    }

    public int tag() {
        return source[start] & 0xff;
    }

    public boolean is(int tag) {
        return tag() == tag;
    }

    public boolean isConstructed() {
        return (source[start] & CONSTRUCTED) != 0;
    }

    /** Tag, length and content. */
    public byte[] encoded() {
        return Arrays.copyOfRange(source, start, end);
    }

    public byte[] content() {
        return Arrays.copyOfRange(source, contentStart, end);
    }

    /** The value with another tag, as an implicit tag demands (X.690 8.14.3). */
    public byte[] encodedAs(int tag) {
        byte[] copy = encoded();
        copy[0] = (byte) tag;
        return copy;
    }

    public int length() {
        return end - contentStart;
    }

    int encodedLength() {
        return end - start;
    }

    /** The values inside a constructed value of this tag. */
    public DerSequence members(int tag) {
        require(tag);
        return members();
    }

    private DerSequence members() {
        if (!isConstructed()) {
            throw new IllegalArgumentException("a DER value is not constructed");
        }
        return new DerSequence(source, contentStart, end);
    }

    /** The one value inside an explicit tag. */
    public DerValue inside(int tag) {
        DerSequence members = members(tag);
        DerValue only = members.next();
        members.end();
        return only;
    }

    /** The one value in DER inside an OCTET STRING. */
    public DerValue parseOctets() {
        return parse(octets());
    }

    public byte[] octets() {
        require(Tag.OCTET_STRING);
        return content();
    }

    public BigInteger integer() {
        require(Tag.INTEGER);
        return new BigInteger(content());
    }

    /** An INTEGER from 0 to 2^31-1. */
    public int smallInteger() {
        BigInteger value = integer();
        if (value.signum() < 0 || value.bitLength() > 31) {
            throw new IllegalArgumentException("the INTEGER " + value + " is out of range");
        }
        return value.intValue();
    }

    private void checkInteger() {
        if (length() == 0) {
            throw new IllegalArgumentException("an INTEGER is empty");
        }
        if (length() > 1) {
            int first = source[contentStart];
            int second = source[contentStart + 1];
            if ((first == 0 && second >= 0) || (first == -1 && second < 0)) {
                throw new IllegalArgumentException("an INTEGER is not in its shortest form");
            }
        }
    }

    private void checkNull() {
        if (length() != 0) {
            throw new IllegalArgumentException("a NULL has content");
        }
    }

    public boolean bool() {
        require(Tag.BOOLEAN);
        int value = length() == 1 ? source[contentStart] & 0xff : -1;
        if (value != 0 && value != 0xff) {
            throw new IllegalArgumentException("a BOOLEAN is neither 00 nor ff");
        }
        return value != 0;
    }

    /** An OBJECT IDENTIFIER in dotted form. */
    public String oid() {
        require(Tag.OID);
        return oidText();
    }

    /** The OBJECT IDENTIFIER under an implicit tag. */
    public String oidText() {
        if (length() == 0 || length() > 64 || source[end - 1] < 0) {
            throw new IllegalArgumentException("an OBJECT IDENTIFIER is malformed");
        }
        StringBuilder dotted = new StringBuilder();
        BigInteger arc = BigInteger.ZERO;
        boolean fresh = true;
        for (int i = contentStart; i < end; i++) {
            int octet = source[i] & 0xff;
            if (fresh && octet == 0x80) {
                throw new IllegalArgumentException("an OBJECT IDENTIFIER is malformed");
            }
            arc = arc.shiftLeft(7).or(BigInteger.valueOf(octet & 0x7f));
            fresh = octet < 0x80;
            if (fresh) {
                append(dotted, arc);
                arc = BigInteger.ZERO;
            }
        }
        return dotted.toString();
    }

    private static void append(StringBuilder dotted, BigInteger arc) {
        if (!dotted.isEmpty()) {
            dotted.append('.').append(arc);
            return;
        }
        int top = arc.compareTo(BigInteger.valueOf(80)) >= 0 ? 2 : arc.intValue() / 40;
        dotted.append(top).append('.').append(arc.subtract(BigInteger.valueOf(40L * top)));
    }

    private int unusedBits() {
        require(Tag.BIT_STRING);
        return checkedUnusedBits();
    }

    private int checkedUnusedBits() {
        if (length() == 0) {
            throw new IllegalArgumentException("a BIT STRING is empty");
        }
        int unused = source[contentStart];
        boolean fits = unused >= 0 && unused < 8 && (unused == 0 || length() > 1);
        if (!fits || (source[end - 1] & ((1 << unused) - 1)) != 0) {
            throw new IllegalArgumentException("a BIT STRING has bits after its end");
        }
        return unused;
    }

    /** A BIT STRING of whole octets. */
    public byte[] bitOctets() {
        if (unusedBits() != 0) {
            throw new IllegalArgumentException("a BIT STRING is not of whole octets");
        }
        return Arrays.copyOfRange(source, contentStart + 1, end);
    }

    /**
     * A BIT STRING of named bits as a mask: bit 0 of the type is bit 0 of the mask. Trailing zero
     * bits are refused (X.690 11.2.2).
     */
    public int namedBits() {
        int unused = is(Tag.BIT_STRING) ? unusedBits() : checkedUnusedBits();
        int octets = length() - 1;
        if (octets > 4) {
            throw new IllegalArgumentException("a BIT STRING has more named bits than exist");
        }
        if (octets > 0 && (source[end - 1] & (1 << unused)) == 0) {
            throw new IllegalArgumentException("a BIT STRING has zero bits at its end");
        }
        int mask = 0;
        for (int bit = 0; bit < octets * 8 - unused; bit++) {
            if ((source[contentStart + 1 + bit / 8] & (0x80 >> (bit % 8))) != 0) {
                mask |= 1 << bit;
            }
        }
        return mask;
    }

    /** The content as ASCII. */
    public String ascii() {
        for (int i = contentStart; i < end; i++) {
            if (source[i] < 0) {
                throw new IllegalArgumentException("a string has a character outside ASCII");
            }
        }
        return new String(source, contentStart, length(), StandardCharsets.US_ASCII);
    }

    /** A UTF8String. */
    public String utf8() {
        require(Tag.UTF8_STRING);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(source, contentStart, length()))
                    .toString();
        } catch (CharacterCodingException garbled) {
            throw new IllegalArgumentException("a UTF8String is not UTF-8", garbled);
        }
    }

    private void require(int tag) {
        if (!is(tag)) {
            throw new IllegalArgumentException(
                    String.format("DER tag %02x where %02x must be", tag(), tag));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DerValue that
                && Arrays.equals(source, start, end, that.source, that.start, that.end);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded());
    }

    @Override
    public String toString() {
        return String.format("DER %02x of %d bytes", tag(), length());
    }
}
