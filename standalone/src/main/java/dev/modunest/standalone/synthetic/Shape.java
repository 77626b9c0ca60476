package dev.modunest.standalone.synthetic;

/**
 * How large a synthetic registry is.
 *
 * @param plugins 1 to 1,000,000
 * @param releases of all plugins: 1 to 50 times as many
 * @param seed the same shape gives the same registry
 */
public record Shape(int plugins, int releases, long seed) {

    private static final int MAX_PLUGINS = 1_000_000;
    private static final int MAX_MEAN = 50;

    public Shape {
        if (plugins < 1 || plugins > MAX_PLUGINS) {
            throw new IllegalArgumentException(
                    "the number of plugins is 1 to " + MAX_PLUGINS + ", not " + plugins);
        }
        if (releases < plugins || releases > (long) MAX_MEAN * plugins) {
            throw new IllegalArgumentException(
                    "the number of releases is 1 to %d times that of plugins, %d to %d, not %d"
                            .formatted(MAX_MEAN, plugins, (long) MAX_MEAN * plugins, releases));
        }
    }
}
