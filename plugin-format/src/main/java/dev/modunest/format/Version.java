package dev.modunest.format;

import java.util.List;
import java.util.Optional;

/**
 * A semantic version (semver.org 2.0.0), read as npm's {@code semver} package reads it in strict
 * mode: surrounding blanks and one leading {@code v} are allowed, numbers go to 2^53-1, the text to
 * 256 characters. Build metadata is read and dropped: it has no part in identity or order.
 *
 * @param prerelease the dot-separated identifiers after the hyphen; empty for a normal version
 */
public record Version(long major, long minor, long patch, List<String> prerelease)
        implements Comparable<Version> {

    /** Most characters of a version. */
    public static final int MAX_LENGTH = 256;

    /** Numbers of more digits than this are compared as npm does: as IEEE 754 doubles. */
    private static final int EXACT_DIGITS = 15;

    public Version {
        prerelease = List.copyOf(prerelease);
        requireNumber(major);
        requireNumber(minor);
        requireNumber(patch);
        for (String identifier : prerelease) {
            if (!PartialVersion.isPrereleaseIdentifier(identifier)) {
                throw new IllegalArgumentException(
                        "'" + identifier + "' is not a pre-release identifier");
            }
        }
    }

    public static Version parse(String text) {
        Optional<Version> version = tryParse(text);
        if (version.isEmpty()) {
            throw new IllegalArgumentException(
                    "'"
                            + text
                            + "' is not a version: write major.minor.patch, as in 1.4.0 or"
                            + " 2.0.0-rc.1");
        }
        return version.get();
    }

    public static Optional<Version> tryParse(String text) {
        if (text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String trimmed = Blanks.trim(text);
        Optional<PartialVersion> read = PartialVersion.read(trimmed, 0);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        PartialVersion partial = read.get();
        boolean plain = partial.prefix().isEmpty() || partial.prefix().equals("v");
        return plain && isBuild(trimmed, partial.end()) ? of(partial) : Optional.empty();
    }

    /** The version that a partial one is when nothing is missing and every number is in bounds. */
    static Optional<Version> of(PartialVersion partial) {
        if (!partial.isFull()
                || Math.max(partial.major(), Math.max(partial.minor(), partial.patch()))
                        > PartialVersion.MAX_NUMBER) {
            return Optional.empty();
        }
        return Optional.of(
                new Version(
                        partial.major(), partial.minor(), partial.patch(), partial.prerelease()));
    }

    public boolean isPrerelease() {
        return !prerelease.isEmpty();
    }

    /** Whether major, minor and patch are the same. */
    boolean isSameTriple(Version other) {
        return major == other.major && minor == other.minor && patch == other.patch;
    }

    /** The order of semver.org 2.0.0, clause 11. */
    @Override
    public int compareTo(Version other) {
        return compare(other, false);
    }

    /**
     * The order that npm's ranges use: as {@link #compareTo}, but numeric pre-release identifiers
     * that are the same IEEE 754 double are equal, and what follows them is not looked at.
     */
    int compareAsNpm(Version other) {
        return compare(other, true);
    }

    private int compare(Version other, boolean asDoubles) {
        if (major != other.major) {
            return Long.compare(major, other.major);
        }
        if (minor != other.minor) {
            return Long.compare(minor, other.minor);
        }
        if (patch != other.patch) {
            return Long.compare(patch, other.patch);
        }
        int ids = prerelease.size();
        int otherIds = other.prerelease.size();
        if (ids == 0 || otherIds == 0) {
            return Integer.compare(otherIds, ids);
        }
        for (int i = 0; i < Math.min(ids, otherIds); i++) {
            String id = prerelease.get(i);
            String otherId = other.prerelease.get(i);
            if (!id.equals(otherId)) {
                return compareIdentifiers(id, otherId, asDoubles);
            }
        }
        return Integer.compare(ids, otherIds);
    }

    private static int compareIdentifiers(String a, String b, boolean asDoubles) {
        boolean aNumeric = isNumeric(a);
        boolean bNumeric = isNumeric(b);
        if (aNumeric && bNumeric) {
            if (asDoubles && Math.min(a.length(), b.length()) > EXACT_DIGITS) {
                return Double.compare(Double.parseDouble(a), Double.parseDouble(b));
            }
            return a.length() != b.length()
                    ? Integer.compare(a.length(), b.length())
                    : a.compareTo(b);
        }
        if (aNumeric != bNumeric) {
            return aNumeric ? -1 : 1;
        }
        return a.compareTo(b);
    }

    private static boolean isNumeric(String identifier) {
        for (int i = 0; i < identifier.length(); i++) {
            if (identifier.charAt(i) < '0' || identifier.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** Whether nothing or build metadata stands from {@code at} to the end. */
    private static boolean isBuild(String text, int at) {
        if (at == text.length()) {
            return true;
        }
        if (text.charAt(at) != '+') {
            return false;
        }
        boolean inIdentifier = false;
        for (int i = at + 1; i < text.length(); i++) {
            boolean part = PartialVersion.isIdentifierCharacter(text.charAt(i));
            if (!part && !(inIdentifier && text.charAt(i) == '.')) {
                return false;
            }
            inIdentifier = part;
        }
        return inIdentifier;
    }

    private static void requireNumber(long number) {
        if (number < 0 || number > PartialVersion.MAX_NUMBER) {
            throw new IllegalArgumentException(
                    number + " is not a version number: 0 to " + PartialVersion.MAX_NUMBER);
        }
    }

    /** The canonical form: no blanks, no {@code v}, no build metadata. */
    @Override
    public String toString() {
        String core = major + "." + minor + "." + patch;
        return prerelease.isEmpty() ? core : core + "-" + String.join(".", prerelease);
    }

    // Written out, as those that a record generates cost a JVM that starts some milliseconds.
    @Override
    public boolean equals(Object object) {
        return object instanceof Version other
                && major == other.major
                && minor == other.minor
                && patch == other.patch
                && prerelease.equals(other.prerelease);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * (31 * Long.hashCode(major) + Long.hashCode(minor)) + Long.hashCode(patch))
                + prerelease.hashCode();
    }
}
