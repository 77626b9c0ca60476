package dev.modunest.format.trust.der;

/** Identifier octets (X.690 8.1.2) of the types that certificates and time stamps have. */
public final class Tag {

    public static final int BOOLEAN = 0x01;
    public static final int INTEGER = 0x02;
    public static final int BIT_STRING = 0x03;
    public static final int OCTET_STRING = 0x04;
    public static final int NULL = 0x05;
    public static final int OID = 0x06;
    public static final int ENUMERATED = 0x0a;
    public static final int UTF8_STRING = 0x0c;
    public static final int PRINTABLE_STRING = 0x13;
    public static final int IA5_STRING = 0x16;
    public static final int UTC_TIME = 0x17;
    public static final int GENERALIZED_TIME = 0x18;
    public static final int SEQUENCE = 0x30;
    public static final int SET = 0x31;

    private static final int CONTEXT = 0x80;
    private static final int CONTEXT_CONSTRUCTED = 0xa0;

    private Tag() {}

    /** {@code [number]}, of a primitive value. */
    public static int context(int number) {
        return CONTEXT | number;
    }

    /** {@code [number]}, of a constructed value. */
    public static int constructed(int number) {
        return CONTEXT_CONSTRUCTED | number;
    }
}
