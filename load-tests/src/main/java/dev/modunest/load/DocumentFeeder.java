package dev.modunest.load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Endless requests for release documents and indexes, half and half: every plugin once in a random
 * order before one is asked for again. Where there are tokens, half of either carry one, dealt in
 * turn, and have another name. The same seed, plugins and number of tokens give the same requests.
 * For one thread, as Gatling calls feeders.
 */
final class DocumentFeeder implements Iterator<Map<String, Object>> {

    static final String RELEASE = "release document";
    static final String INDEX = "index";

    private static final String SIGNED_IN = ", signed in";

    private final List<Versions> plugins;
    private final List<String> tokens;
    private final Random random;
    private int position;
    private int signedIn;

    /**
     * A plugin and versions that it has.
     *
     * @param plugin as {@code namespace/name}
     */
    record Versions(String plugin, List<String> versions) {}

    DocumentFeeder(List<Versions> plugins, List<String> tokens, long seed) {
        this.plugins = new ArrayList<>(plugins);
        this.tokens = List.copyOf(tokens);
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
        Map<String, Object> request =
                Map.of(
                        "request", release ? RELEASE : INDEX,
                        "path",
                                release
                                        ? "/api/v1/plugins/" + plugin.plugin() + "/" + version
                                        : "/index/" + plugin.plugin(),
                        "coordinate", plugin.plugin() + "@" + version);
        return !tokens.isEmpty() && random.nextBoolean() ? signedIn(request) : request;
    }

    private Map<String, Object> signedIn(Map<String, Object> anonymous) {
        Map<String, Object> request = new HashMap<>(anonymous);
        request.computeIfPresent("request", (_, name) -> name + SIGNED_IN);
        request.put("token", tokens.get(signedIn));
        signedIn = (signedIn + 1) % tokens.size();
        return request;
    }

    /** Of the requests that there will be. */
    List<String> names() {
        return tokens.isEmpty()
                ? List.of(RELEASE, INDEX)
                : List.of(RELEASE, INDEX, RELEASE + SIGNED_IN, INDEX + SIGNED_IN);
    }
}
