package dev.modunest.format;

import dev.modunest.format.Bound.Operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Desugars the forms of npm's range grammar into the bounds of one alternative. Used once. */
final class BoundsWriter {

    private static final long ANY = PartialVersion.ANY;

    /** The lowest pre-release: nothing of the triple lies below it. */
    private static final List<String> LOWEST = List.of("0");

    private final List<Bound> bounds = new ArrayList<>();

    /** The pre-release of a lower bound that was not written in full. */
    private final List<String> floor;

    private final boolean includePrerelease;
    private boolean wellFormed = true;

    BoundsWriter(boolean includePrerelease) {
        this.includePrerelease = includePrerelease;
        this.floor = includePrerelease ? LOWEST : List.of();
    }

    /** The bounds, none for any version; empty when something was malformed. */
    Optional<List<Bound>> finish() {
        return wellFormed ? Optional.of(List.copyOf(bounds)) : Optional.empty();
    }

    void malformed() {
        wellFormed = false;
    }

    /** {@code ~partial}: the last component written may grow, or the patch. */
    void tilde(PartialVersion partial) {
        if (partial.major() == ANY) {
            return;
        }
        if (partial.minor() == ANY) {
            wholeMajor(partial);
        } else if (partial.patch() == ANY) {
            wholeMinor(partial);
        } else {
            exactFloor(partial);
            below(partial.major(), partial.minor() + 1, 0);
        }
    }

    /** {@code ^partial}: what is right of the leftmost component that is not zero may grow. */
    void caret(PartialVersion partial) {
        long major = partial.major();
        long minor = partial.minor();
        if (major == ANY) {
            return;
        }
        if (minor == ANY) {
            wholeMajor(partial);
            return;
        }
        if (partial.patch() == ANY) {
            add(Operator.AT_LEAST, major, minor, 0, floor);
        } else {
            exactFloor(partial);
        }
        if (major > 0) {
            below(major + 1, 0, 0);
        } else if (minor > 0 || partial.patch() == ANY) {
            below(0, minor + 1, 0);
        } else {
            below(0, 0, partial.patch() + 1);
        }
    }

    /** {@code [operator]partial}. */
    void comparator(String operator, PartialVersion partial) {
        if (partial.isOutOfOrder()) {
            malformed();
        } else if (partial.isFull()) {
            written(operatorOf(operator), partial, partial.prerelease());
        } else if (partial.major() == ANY) {
            if (operator.equals("<") || operator.equals(">")) {
                below(0, 0, 0);
            }
        } else {
            xRange(operator, partial);
        }
    }

    private void xRange(String operator, PartialVersion partial) {
        boolean majorOnly = partial.minor() == ANY;
        long major = partial.major();
        long minor = majorOnly ? 0 : partial.minor();
        long nextMajor = majorOnly ? major + 1 : major;
        long nextMinor = majorOnly ? 0 : minor + 1;
        switch (operatorOf(operator)) {
            case EQUAL -> {
                add(Operator.AT_LEAST, major, minor, 0, floor);
                below(nextMajor, nextMinor, 0);
            }
            case MORE -> add(Operator.AT_LEAST, nextMajor, nextMinor, 0, floor);
            case AT_LEAST -> add(Operator.AT_LEAST, major, minor, 0, floor);
            case LESS -> below(major, minor, 0);
            case AT_MOST -> below(nextMajor, nextMinor, 0);
        }
    }

    /** {@code from - to}, both included. */
    void span(PartialVersion from, PartialVersion to) {
        if (from.major() == ANY || from.minor() == ANY || from.patch() == ANY) {
            if (from.major() != ANY) {
                long minor = from.minor() == ANY ? 0 : from.minor();
                add(Operator.AT_LEAST, from.major(), minor, 0, floor);
            }
        } else {
            written(
                    Operator.AT_LEAST,
                    joined(from),
                    from.prerelease().isEmpty() ? floor : from.prerelease());
        }
        if (to.major() == ANY) {
            return;
        }
        if (to.minor() == ANY) {
            below(to.major() + 1, 0, 0);
        } else if (to.patch() == ANY) {
            below(to.major(), to.minor() + 1, 0);
        } else if (!to.prerelease().isEmpty()) {
            add(Operator.AT_MOST, to.major(), to.minor(), to.patch(), to.prerelease());
        } else if (includePrerelease) {
            below(to.major(), to.minor(), to.patch() + 1);
        } else {
            written(Operator.AT_MOST, joined(to), List.of());
        }
    }

    /** One blank is dropped between an operator and its version. */
    private static PartialVersion joined(PartialVersion partial) {
        return partial.prefix().startsWith(" ")
                ? new PartialVersion(
                        partial.prefix().substring(1),
                        partial.major(),
                        partial.minor(),
                        partial.patch(),
                        partial.prerelease(),
                        partial.end())
                : partial;
    }

    private void wholeMajor(PartialVersion partial) {
        add(Operator.AT_LEAST, partial.major(), 0, 0, floor);
        below(partial.major() + 1, 0, 0);
    }

    private void wholeMinor(PartialVersion partial) {
        add(Operator.AT_LEAST, partial.major(), partial.minor(), 0, floor);
        below(partial.major(), partial.minor() + 1, 0);
    }

    private void exactFloor(PartialVersion partial) {
        add(
                Operator.AT_LEAST,
                partial.major(),
                partial.minor(),
                partial.patch(),
                partial.prerelease());
    }

    /** A version that npm reads as it was written, so that at most one v may stand before it. */
    private void written(Operator operator, PartialVersion partial, List<String> prerelease) {
        if (partial.prefix().isEmpty()) {
            add(operator, partial.major(), partial.minor(), partial.patch(), prerelease);
        } else if (partial.prefix().equals("v")) {
            bound(operator, partial.major(), partial.minor(), partial.patch(), prerelease, 1);
        } else {
            malformed();
        }
    }

    private void below(long major, long minor, long patch) {
        add(Operator.LESS, major, minor, patch, LOWEST);
    }

    private void add(
            Operator operator, long major, long minor, long patch, List<String> prerelease) {
        // >=0.0.0 is *: it does not hold back the pre-releases of 0.0.0 that others let in.
        if (operator == Operator.AT_LEAST
                && (major | minor | patch) == 0
                && prerelease.isEmpty()
                && !includePrerelease) {
            return;
        }
        bound(operator, major, minor, patch, prerelease, 0);
    }

    private void bound(
            Operator operator,
            long major,
            long minor,
            long patch,
            List<String> prerelease,
            int prefixLength) {
        Optional<Version> version =
                Version.of(new PartialVersion("", major, minor, patch, prerelease, 0));
        if (version.isPresent()
                && version.get().toString().length() + prefixLength <= Version.MAX_LENGTH) {
            bounds.add(new Bound(operator, version.get()));
        } else {
            malformed();
        }
    }

    private static Operator operatorOf(String operator) {
        return switch (operator) {
            case "<" -> Operator.LESS;
            case "<=" -> Operator.AT_MOST;
            case ">=" -> Operator.AT_LEAST;
            case ">" -> Operator.MORE;
            default -> Operator.EQUAL;
        };
    }
}
