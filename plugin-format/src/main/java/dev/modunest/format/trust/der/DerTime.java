package dev.modunest.format.trust.der;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** UTCTime and GeneralizedTime, in UTC with seconds (X.690 11.7, 11.8; RFC 5280 4.1.2.5). */
public final class DerTime {

    private static final Pattern UTC = Pattern.compile("(\\d\\d)(\\d{10})Z");
    private static final Pattern GENERALIZED =
            Pattern.compile("(\\d{4})(\\d{10})(?:\\.(\\d{0,8}[1-9]))?Z");

    private DerTime() {}

    /** A time of a certificate: UTCTime until 2049, GeneralizedTime without a fraction after it. */
    public static Instant ofCertificate(DerValue value) {
        if (value.is(Tag.UTC_TIME)) {
            Matcher text = match(UTC, value);
            int year = Integer.parseInt(text.group(1));
            return instant(year < 50 ? 2000 + year : 1900 + year, text.group(2), 0);
        }
        Instant time = generalized(value);
        boolean whole = time.equals(time.truncatedTo(ChronoUnit.SECONDS));
        if (!whole || time.atOffset(ZoneOffset.UTC).getYear() < 2050) {
            throw new IllegalArgumentException(
                    "a GeneralizedTime stands where a UTCTime must, or has a fraction");
        }
        return time;
    }

    /** A GeneralizedTime; its fraction, if any, does not end in 0. */
    public static Instant generalized(DerValue value) {
        if (!value.is(Tag.GENERALIZED_TIME)) {
            throw new IllegalArgumentException("no GeneralizedTime where one must be");
        }
        Matcher text = match(GENERALIZED, value);
        String fraction = text.group(3) == null ? "0" : text.group(3);
        int nanos = Integer.parseInt(fraction + "0".repeat(9 - fraction.length()));
        return instant(Integer.parseInt(text.group(1)), text.group(2), nanos);
    }

    private static Matcher match(Pattern pattern, DerValue value) {
        Matcher text = pattern.matcher(value.ascii());
        if (!text.matches()) {
            throw new IllegalArgumentException("'" + value.ascii() + "' is not a time in DER");
        }
        return text;
    }

    private static Instant instant(int year, String rest, int nanos) {
        try {
            return LocalDateTime.of(
                            year,
                            number(rest, 0),
                            number(rest, 2),
                            number(rest, 4),
                            number(rest, 6),
                            number(rest, 8),
                            nanos)
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException none) {
            throw new IllegalArgumentException("a time in DER does not exist", none);
        }
    }

    private static int number(String text, int at) {
        return Integer.parseInt(text.substring(at, at + 2));
    }
}
