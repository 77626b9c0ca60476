package dev.modunest.format.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;

import java.util.List;

/** What to load, every plugin after all that it requires. At most one release of a plugin. */
public record Plan(List<Step> steps) {

    public Plan {
        steps = List.copyOf(steps);
    }

    /**
     * One release to load.
     *
     * @param size bytes of the artifact
     * @param url where the bytes are, relative to the registry: {@code /artifacts/sha256/<hex>}, of
     *     private ones with a query that proves for some minutes that they may be read
     * @param requires the releases in this plan that it is wired to, optional ones included when
     *     present
     */
    public record Step(
            Coordinate coordinate,
            Digest digest,
            long size,
            String url,
            List<Coordinate> requires) {

        public Step {
            requires = List.copyOf(requires);
        }

        /** The same bytes from elsewhere. */
        public Step withUrl(String other) {
            return new Step(coordinate, digest, size, other, requires);
        }
    }
}
