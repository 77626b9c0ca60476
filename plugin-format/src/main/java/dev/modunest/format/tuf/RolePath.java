package dev.modunest.format.tuf;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The names of the repository's files (specification 3.1, 6.2), percent-encoded. */
public final class RolePath {

    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final String UNRESERVED = "-._~";

    private RolePath() {}

    /** {@code timestamp.json}, or of a repository without consistent snapshots any role's. */
    public static String of(String role) {
        return encode(role, false) + ".json";
    }

    /** {@code 7.bin-3f.json}. */
    public static String of(String role, long version) {
        return version + "." + of(role);
    }

    /** {@code index/acme/<hash>.csv.json} for the target {@code index/acme/csv.json}. */
    public static String ofTarget(String path, String hash) {
        int base = path.lastIndexOf('/') + 1;
        return encode(path.substring(0, base) + hash + "." + path.substring(base), true);
    }

    public static String ofTarget(String path) {
        return encode(path, true);
    }

    private static String encode(String text, boolean keepSlash) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if ((c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || UNRESERVED.indexOf(c) >= 0
                    || (keepSlash && c == '/')) {
                encoded.append(c);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }
}
