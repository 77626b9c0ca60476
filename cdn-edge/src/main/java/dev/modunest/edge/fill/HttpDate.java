package dev.modunest.edge.fill;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** IMF-fixdate (RFC 9110 5.6.7). */
final class HttpDate {

    private HttpDate() {}

    static Optional<Instant> parse(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text.strip())));
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }
}
