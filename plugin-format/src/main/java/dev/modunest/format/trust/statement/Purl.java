package dev.modunest.format.trust.statement;

import dev.modunest.format.Coordinate;

/** A release as a package URL: {@code pkg:plugin/<namespace>/<name>@<version>}. */
public final class Purl {

    private static final String PREFIX = "pkg:plugin/";

    private Purl() {}

    /** The build part of a version is after {@code %2B}, as the purl specification encodes it. */
    public static String of(Coordinate coordinate) {
        return PREFIX
                + coordinate.plugin()
                + "@"
                + coordinate.version().toString().replace("+", "%2B");
    }

    /**
     * The release that the URL names.
     *
     * @throws IllegalArgumentException when it names none in this form
     */
    public static Coordinate parse(String purl) {
        if (!purl.startsWith(PREFIX)) {
            throw new IllegalArgumentException("'" + purl + "' is not a pkg:plugin URL");
        }
        Coordinate coordinate =
                Coordinate.parse(purl.substring(PREFIX.length()).replace("%2B", "+"));
        if (!of(coordinate).equals(purl)) {
            throw new IllegalArgumentException("'" + purl + "' is not written as it must be");
        }
        return coordinate;
    }
}
