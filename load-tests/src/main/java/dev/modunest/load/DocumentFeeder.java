package dev.modunest.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Endless requests for release documents and indexes, half and half: every plugin once in a random
 * order before one is asked for again. The same seed and plugins give the same requests. For one
 * thread, as Gatling calls feeders.
 */
final class DocumentFeeder implements Iterator<Map<String, Object>> {

    static final String RELEASE = "release document";
    static final String INDEX = "index";

    private final List<Versions> plugins;
    private final Random random;
    private int position;

    /**
     * A plugin and versions that it has.
     *
     * @param plugin as {@code namespace/name}
     */
    record Versions(String plugin, List<String> versions) {}

    DocumentFeeder(List<Versions> plugins, long seed) {
        this.plugins = new ArrayList<>(plugins);
        this.random = new Random(seed);
        Collections.shuffle(this.plugins, random);
    }

    @Override
    public boolean hasNext() {
        return true;
    }

    @Override
    public Map<String, Object> next() {
        Versions plugin = plugins.get(position);
        position = (position + 1) % plugins.size();
        String version = plugin.versions().get(random.nextInt(plugin.versions().size()));
        boolean release = random.nextBoolean();
        return Map.of(
                "request", release ? RELEASE : INDEX,
                "path",
                        release
                                ? "/api/v1/plugins/" + plugin.plugin() + "/" + version
                                : "/index/" + plugin.plugin(),
                "coordinate", plugin.plugin() + "@" + version);
    }
}
