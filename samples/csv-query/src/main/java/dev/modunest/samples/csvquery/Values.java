package dev.modunest.samples.csvquery;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** Values as numbers where they are numbers. */
final class Values {

    /** Numbers before text, numbers by value, text by characters. */
    static final Comparator<String> ORDER = Values::compare;

    /** Bounded, so that a value such as 1e999999999 cannot cost time. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,100}(\\.\\d{1,100})?");

    private Values() {}

    static Optional<BigDecimal> number(String text) {
        return NUMBER.matcher(text).matches()
                ? Optional.of(new BigDecimal(text))
                : Optional.empty();
    }

    private static int compare(String one, String other) {
        Optional<BigDecimal> oneNumber = number(one);
        Optional<BigDecimal> otherNumber = number(other);
        if (oneNumber.isPresent() && otherNumber.isPresent()) {
            return oneNumber.get().compareTo(otherNumber.get());
        }
        if (oneNumber.isPresent() != otherNumber.isPresent()) {
            return oneNumber.isPresent() ? -1 : 1;
        }
        return one.compareTo(other);
    }
}
