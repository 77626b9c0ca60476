package dev.modunest.server.password;

import java.security.SecureRandom;

/**
 * The secret that an authenticator app shares with the registry: 160 bits (RFC 4226, section 4,
 * R6). Never shows itself by {@link #toString}.
 */
public final class TotpSecret {

    private static final int BYTES = 20;
    private static final int LEAST_BYTES = 16;

    private final byte[] bytes;

    private TotpSecret(byte[] bytes) {
        if (bytes.length < LEAST_BYTES) {
            throw new IllegalArgumentException("a secret has at least 128 bits");
        }
        this.bytes = bytes;
    }

    public static TotpSecret create(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new TotpSecret(bytes);
    }

    public static TotpSecret of(byte[] bytes) {
        return new TotpSecret(bytes.clone());
    }

    public static TotpSecret parse(String base32) {
        return new TotpSecret(Base32.decode(base32));
    }

    /** What {@link Sealer} seals. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public String base32() {
        return Base32.encode(bytes);
    }

    @Override
    public String toString() {
        return "TotpSecret[****]";
    }
}
