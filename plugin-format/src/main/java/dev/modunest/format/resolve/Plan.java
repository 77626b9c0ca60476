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
     * @param url where the bytes are, relative to the registry: {@code /artifacts/sha256/<hex>}
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
    }
}
