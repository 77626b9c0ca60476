package dev.modunest.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Requests that a registry can resolve, and locks that hold, made with its help: roots that stand
 * in a conflict are replaced by others until there is none.
 */
final class ResolveRequests {

    static final String RESOLVE = "/api/v1/resolve";
    static final String VERIFY = "/api/v1/resolve/verify";

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int MAX_TRIES = 200;
    private static final int OK = 200;
    private static final int CONFLICT = 409;

    private final RegistryClient client;
    private final List<PluginSummary> plugins;
    private final Random random;

    /**
     * A body and the digest of the lock that the answer has.
     *
     * @param steps of the lock
     */
    record Request(String body, String digest, int steps) {}

    /** A plugin and a range. */
    private record Root(String plugin, String range) {}

    ResolveRequests(RegistryClient client, List<PluginSummary> plugins, long seed) {
        this.client = client;
        this.plugins = plugins;
        this.random = new Random(seed);
    }

    /** Requirements that a plan satisfies, and the verification of a plan for some of them. */
    record Pair(Request resolve, Request verify) {}

    /** Requirements that a plan satisfies, and what the plan downloads. */
    record Plan(Request request, List<Artifact> artifacts) {}

    /** Such a plan for as many roots. */
    Plan plan(int roots) {
        List<Root> chosen = solvable(roots);
        JsonNode lock = resolve(chosen);
        return new Plan(
                new Request(body(chosen), digest(lock), steps(lock)),
                CatalogueDocuments.steps(lock));
    }

    /**
     * The next of a sequence that seed and registry determine.
     *
     * @param lockSize most steps of the lock that is verified, as many as possible
     */
    Pair next(int roots, int lockSize) {
        List<Root> chosen = solvable(roots);
        return new Pair(request(chosen), verification(chosen, lockSize));
    }

    private List<Root> solvable(int count) {
        List<PluginSummary> rest = new ArrayList<>(plugins);
        Collections.shuffle(rest, random);
        List<Root> chosen = new ArrayList<>();
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            while (chosen.size() < count && !rest.isEmpty()) {
                PluginSummary plugin = rest.removeLast();
                chosen.add(new Root(plugin.id(), range(plugin.latestVersion())));
            }
            RegistryClient.Answer answer = client.post(RESOLVE, body(chosen));
            if (answer.status() == OK && chosen.size() == count) {
                return chosen;
            }
            if (answer.status() == OK || chosen.isEmpty()) {
                throw new LoadTestException(
                        client.base()
                                + " resolves "
                                + chosen.size()
                                + " of its plugins together, not "
                                + count
                                + "; publish more, raise -Dmax-plugins or lower -Droots");
            }
            if (answer.status() != CONFLICT) {
                throw new LoadTestException(
                        client.base() + RESOLVE + " answered " + answer.status());
            }
            drop(chosen, answer.body());
        }
        throw new LoadTestException(
                client.base()
                        + " resolves no "
                        + count
                        + " plugins together after "
                        + MAX_TRIES
                        + " tries; lower -Droots");
    }

    /** Leaves out the roots that a conflict names, or a tenth when it names none. */
    private void drop(List<Root> chosen, String conflict) {
        boolean named = chosen.removeIf(root -> conflict.contains(root.plugin()));
        if (!named) {
            Collections.shuffle(chosen, random);
            chosen.subList(0, Math.ceilDiv(chosen.size(), 10)).clear();
        }
    }

    /** A range that has {@code version}. */
    private String range(String version) {
        return switch (random.nextInt(4)) {
            case 0 -> "^" + version;
            case 1 -> "~" + version;
            case 2 -> ">=" + version;
            default -> ">=" + version + " || " + version;
        };
    }

    private Request request(List<Root> roots) {
        JsonNode lock = resolve(roots);
        return new Request(body(roots), digest(lock), steps(lock));
    }

    /** Fewer roots need no more steps, so the largest lock is found by halving. */
    private Request verification(List<Root> roots, int lockSize) {
        int least = 1;
        int most = roots.size();
        while (least < most) {
            int middle = Math.ceilDiv(least + most, 2);
            if (steps(resolve(roots.subList(0, middle))) <= lockSize) {
                least = middle;
            } else {
                most = middle - 1;
            }
        }
        JsonNode lock = resolve(roots.subList(0, least));
        ObjectNode body = MAPPER.createObjectNode();
        body.set("lock", lock);
        return new Request(body.toString(), digest(lock), steps(lock));
    }

    private JsonNode resolve(List<Root> roots) {
        RegistryClient.Answer answer = client.post(RESOLVE, body(roots));
        if (answer.status() != OK) {
            throw new LoadTestException(
                    client.base()
                            + RESOLVE
                            + " answered "
                            + answer.status()
                            + " to some of the roots that it resolved together");
        }
        return CatalogueDocuments.parse(answer.body());
    }

    private static int steps(JsonNode lock) {
        return CatalogueDocuments.array(lock, "steps").size();
    }

    private static String digest(JsonNode lock) {
        return CatalogueDocuments.text(lock, "digest");
    }

    private static String body(List<Root> roots) {
        ObjectNode body = MAPPER.createObjectNode();
        ArrayNode requirements = body.putArray("requirements");
        roots.forEach(
                root ->
                        requirements
                                .addObject()
                                .put("plugin", root.plugin())
                                .put("range", root.range()));
        return body.toString();
    }
}
