package dev.modunest.server.trust;

import dev.modunest.server.x509.Authority;

import java.util.regex.Pattern;

/**
 * An authority that certifies publishers, or did and still signs its list of revocations.
 *
 * @param id {@code i1}; names its files and its list
 */
public record IssuingAuthority(String id, Authority authority) {

    private static final Pattern ID = Pattern.compile("i[1-9][0-9]{0,3}");

    public IssuingAuthority {
        requireId(id);
    }

    /** Throws IllegalArgumentException unless it is i1, i2 and so on. */
    public static String requireId(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "an issuing authority is i1, i2 and so on, not '" + id + "'");
        }
        return id;
    }
}
