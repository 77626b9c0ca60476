package dev.modunest.format.resolve;

/**
 * Picks for every plugin the highest release that satisfies all ranges, or explains why there is
 * none.
 */
public final class Resolver {

    private Resolver() {}

    public static Resolution resolve(ResolveRequest request, ReleaseSource source) {
        throw new UnsupportedOperationException();
    }
}
