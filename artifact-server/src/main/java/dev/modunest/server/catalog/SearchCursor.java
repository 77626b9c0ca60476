package dev.modunest.server.catalog;

import dev.modunest.db.SearchPosition;
import dev.modunest.format.Digest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A position in the list of one query as an opaque text.
 *
 * @param query whose list it is, as a short digest
 */
record SearchCursor(String query, SearchPosition position) {

    private static final String SEPARATOR = " ";
    private static final int QUERY_DIGITS = 16;

    static String query(String parameters) {
        return Digest.ofBytes(parameters.getBytes(StandardCharsets.UTF_8))
                .hex()
                .substring(0, QUERY_DIGITS);
    }

    /**
     * @throws IllegalArgumentException when {@code text} is no cursor
     */
    static SearchCursor parse(String text) {
        String[] parts =
                new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8)
                        .split(SEPARATOR, -1);
        if (parts.length != 4 || parts[2].indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not a cursor");
        }
        return new SearchCursor(
                parts[0],
                new SearchPosition(Integer.parseInt(parts[1]), parts[2], Long.parseLong(parts[3])));
    }

    @Override
    public String toString() {
        String text =
                String.join(
                        SEPARATOR,
                        query,
                        Integer.toString(position.tier()),
                        position.key(),
                        Long.toString(position.id()));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
