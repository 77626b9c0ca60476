package dev.modunest.edge.cache;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.Optional;

/** HTTP dates (RFC 9110 5.6.7): IMF-fixdate is written, and its two obsolete forms are read too. */
public final class HttpDate {

    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /** A year of two digits is at most 50 years in the future. */
    private static final int YEARS_AHEAD = 50;

    private static final DateTimeFormatter IMF = lenient("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = lenient("EEE MMM ppd HH:mm:ss yyyy");

    private HttpDate() {}

    /** Of one value. */
    public static Optional<Instant> parse(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        String date = text.strip();
        return read(IMF, date).or(() -> read(ASCTIME, date)).or(() -> read(rfc850(), date));
    }

    public static String format(Instant time) {
        return IMF_FIXDATE.format(time);
    }

    private static Optional<Instant> read(DateTimeFormatter form, String date) {
        try {
            return Optional.of(Instant.from(form.parse(date)));
        } catch (DateTimeException another) {
            return Optional.empty();
        }
    }

    private static DateTimeFormatter rfc850() {
        int base = Year.now(ZoneOffset.UTC).getValue() + YEARS_AHEAD - 99;
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, base)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);
    }

    private static DateTimeFormatter lenient(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.ENGLISH)
                .withZone(ZoneOffset.UTC);
    }
}
