package dev.modunest.load;

import java.net.URI;

/**
 * What a {@link HostStartSimulation} does.
 *
 * @param edge {@code edge}: the base of the URLs
 * @param plugins {@code plugins} that a host is told to load; the plan has what they require too
 * @param hosts {@code hosts} that start at the same time
 * @param starts {@code starts} of each host, one after the other
 * @param parallel {@code parallel}: connections of a host
 * @param maxPlugins {@code max-plugins}: plugins that are learned at most
 * @param seed {@code seed} of the choice
 * @param targets {@code p50}, {@code p95}, {@code p99}, {@code max}: of a start
 */
record HostStartOptions(
        URI edge,
        int plugins,
        int hosts,
        int starts,
        int parallel,
        int maxPlugins,
        long seed,
        Targets targets) {

    static HostStartOptions read(OptionReader reader) {
        return new HostStartOptions(
                reader.url("edge", "http://127.0.0.1:8081"),
                reader.integer("plugins", 500, 1, 1000),
                reader.integer("hosts", 1, 1, 1000),
                reader.integer("starts", 5, 1, 1000),
                reader.integer("parallel", 16, 1, 500),
                reader.integer("max-plugins", 10_000, 1, 1_000_000),
                reader.seed(),
                reader.targets(""));
    }
}
