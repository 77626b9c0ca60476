package dev.modunest.format.trust.x509;

/** What a key may do (RFC 5280 4.2.1.3): bit 0 is digitalSignature, bit 5 keyCertSign. */
public record KeyUsage(int bits) {

    private static final int DIGITAL_SIGNATURE = 1;
    private static final int KEY_CERT_SIGN = 1 << 5;
    private static final int ESTABLISH_KEYS = 1 << 2 | 1 << 3 | 1 << 4 | 1 << 7 | 1 << 8;
    private static final int CRL_SIGN = 1 << 6;
    private static final int ALL = (1 << 9) - 1;

    public KeyUsage {
        if (bits <= 0 || bits > ALL) {
            throw new IllegalArgumentException("a KeyUsage has no bit or one that does not exist");
        }
    }

    static KeyUsage parse(Extension extension) {
        return new KeyUsage(extension.value().namedBits());
    }

    public boolean digitalSignature() {
        return (bits & DIGITAL_SIGNATURE) != 0;
    }

    public boolean onlyDigitalSignature() {
        return bits == DIGITAL_SIGNATURE;
    }

    public boolean keyCertSign() {
        return (bits & KEY_CERT_SIGN) != 0;
    }

    /** Whether the key may encrypt or agree on keys. */
    boolean establishesKeys() {
        return (bits & ESTABLISH_KEYS) != 0;
    }

    public boolean crlSign() {
        return (bits & CRL_SIGN) != 0;
    }
}
