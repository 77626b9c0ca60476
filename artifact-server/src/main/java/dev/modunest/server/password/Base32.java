package dev.modunest.server.password;

import java.io.ByteArrayOutputStream;
import java.util.Locale;

/** RFC 4648, section 6, without padding, as authenticator apps take a secret. */
final class Base32 {

    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS = 5;

    private Base32() {}

    static String encode(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte next : bytes) {
            buffer = (buffer << Byte.SIZE) | (next & 0xff);
            bits += Byte.SIZE;
            while (bits >= BITS) {
                bits -= BITS;
                out.append(DIGITS.charAt((buffer >> bits) & 0x1f));
            }
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0) {
            out.append(DIGITS.charAt((buffer << (BITS - bits)) & 0x1f));
        }
        return out.toString();
    }

    /** Reads either case, spaces and padding, as people and apps write it. */
    static byte[] decode(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int buffer = 0;
        int bits = 0;
        for (char next : text.replaceAll("[ =-]", "").toUpperCase(Locale.ROOT).toCharArray()) {
            int digit = DIGITS.indexOf(next);
            if (digit < 0) {
                throw new IllegalArgumentException("not in base 32");
            }
            buffer = (buffer << BITS) | digit;
            bits += BITS;
            if (bits >= Byte.SIZE) {
                bits -= Byte.SIZE;
                out.write(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }
        return out.toByteArray();
    }
}
