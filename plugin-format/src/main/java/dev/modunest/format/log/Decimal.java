package dev.modunest.format.log;

/** Whole numbers in ASCII, without sign and leading zeros. */
final class Decimal {

    private Decimal() {}

    static long parse(String text) {
        if (!text.matches("0|[1-9][0-9]{0,18}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a decimal number without leading zeros");
        }
        return Long.parseLong(text);
    }
}
