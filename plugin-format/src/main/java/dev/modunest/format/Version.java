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

    public Version {
        prerelease = List.copyOf(prerelease);
    }

    public static Version parse(String text) {
        return tryParse(text)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "'"
                                                + text
                                                + "' is not a version: write major.minor.patch, as in 1.4.0 or 2.0.0-rc.1"));
    }

    public static Optional<Version> tryParse(String text) {
        throw new UnsupportedOperationException(text);
    }

    public boolean isPrerelease() {
        return !prerelease.isEmpty();
    }

    @Override
    public int compareTo(Version other) {
        throw new UnsupportedOperationException();
    }

    /** The canonical form: no blanks, no {@code v}, no build metadata. */
    @Override
    public String toString() {
        String core = major + "." + minor + "." + patch;
        return prerelease.isEmpty() ? core : core + "-" + String.join(".", prerelease);
    }
}
