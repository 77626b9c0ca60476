package dev.modunest.format.resolve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.CanonicalJson;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Version;

import java.util.List;
import java.util.Set;

/** The lock document, as {@code docs/format/resolution.md} gives it. Thread-safe. */
public final class LockJson {

    /** The form written here, and the only one that is read. */
    public static final int LOCK_VERSION = 2;

    private LockJson() {}

    /** One line of JSON. */
    public static String write(Lock lock) {
        return signed(lock).toString();
    }

    /** The same document, indented for people; its digest is the same. */
    public static String writeIndented(Lock lock) {
        return signed(lock).toPrettyString() + "\n";
    }

    /**
     * The digest of a lock: SHA-256 of the canonical form of its document without it, and without
     * the queries of URLs, which prove for some minutes that somebody may read and lock nothing.
     */
    public static Digest digest(Lock lock) {
        return CanonicalJson.digest(withoutQueries(node(lock)));
    }

    private static ObjectNode signed(Lock lock) {
        return node(lock).put("digest", digest(lock).toString());
    }

    private static ObjectNode withoutQueries(ObjectNode lock) {
        for (JsonNode step : lock.path("steps")) {
            String url = step.path("url").asText();
            int query = url.indexOf('?');
            if (query >= 0 && step instanceof ObjectNode node) {
                node.put("url", url.substring(0, query));
            }
        }
        return lock;
    }

    private static ObjectNode node(Lock lock) {
        ObjectNode json = RequestJson.newObject();
        json.put("lock_version", LOCK_VERSION);
        RequestJson.put(json, lock.requirements());
        lock.host().ifPresent(host -> json.put("host", host.toString()));
        RequestJson.put(json.putObject("policy"), lock.policy());
        ArrayNode steps = json.putArray("steps");
        for (Plan.Step step : lock.plan().steps()) {
            ObjectNode node = steps.addObject();
            node.put("coordinate", step.coordinate().toString());
            node.put("digest", step.digest().toString());
            node.put("size", step.size());
            node.put("url", step.url());
            ArrayNode requires = node.putArray("requires");
            step.requires().forEach(coordinate -> requires.add(coordinate.toString()));
        }
        return json;
    }

    /**
     * Reads a lock and holds it to its digest; unknown fields are skipped, though the digest covers
     * them. Throws IllegalArgumentException with a sentence that names the fault and the fix.
     */
    public static Lock read(String json) {
        return read(ResolveJson.parse(json));
    }

    static Lock read(JsonNode document) {
        JsonObject lock = JsonObject.of(document);
        requireVersion(document.path("lock_version"));
        requireDigest(document, lock.text("digest", Digest::parse));
        return new Lock(
                RequestJson.requirements(lock),
                lock.optionalText("host", Version::parse),
                lock.optionalObject("policy")
                        .map(RequestJson::policy)
                        .orElse(ResolvePolicy.DEFAULT),
                new Plan(
                        lock.objects("steps", ResolveJson.MAX_STEPS).stream()
                                .map(LockJson::step)
                                .toList()));
    }

    private static void requireVersion(JsonNode version) {
        if (!version.isInt() || version.intValue() != LOCK_VERSION) {
            throw new IllegalArgumentException(
                    "/lock_version is "
                            + (version.isMissingNode() ? "missing" : version)
                            + " and "
                            + LOCK_VERSION
                            + " is read: delete the lock and resolve again");
        }
    }

    private static void requireDigest(JsonNode document, Digest announced) {
        ObjectNode rest = RequestJson.newObject();
        document.deepCopy()
                .properties()
                .forEach(member -> rest.set(member.getKey(), member.getValue()));
        rest.remove("digest");
        Digest actual = CanonicalJson.digest(withoutQueries(rest));
        if (!actual.equals(announced)) {
            throw new IllegalArgumentException(
                    "/digest is "
                            + announced
                            + " and the lock has "
                            + actual
                            + ": it was changed after it was made; restore it, or delete it and"
                            + " resolve again");
        }
    }

    private static Plan.Step step(JsonObject step) {
        return new Plan.Step(
                step.text("coordinate", Coordinate::parse),
                step.text("digest", Digest::parse),
                step.size("size"),
                step.text("url", url -> url),
                step.texts("requires", ResolveJson.MAX_REQUIRES, Coordinate::parse));
    }

    /**
     * Reads a request to verify a lock: {@code {"lock": {...}, "requirements": [...]}}. Without
     * requirements the lock's own hold. Throws IllegalArgumentException.
     */
    public static Verification readVerification(String json) {
        JsonNode document = ResolveJson.parse(json);
        JsonObject request = JsonObject.of(document);
        request.allowOnly(Set.of("lock", "requirements"));
        if (!document.path("lock").isObject()) {
            throw new IllegalArgumentException(
                    "/lock is missing: send the lock document, as in {\"lock\":{...}}");
        }
        Lock lock = read(document.path("lock"));
        return new Verification(
                lock,
                JsonObject.of(document.path("lock")).text("digest", Digest::parse),
                document.has("requirements")
                        ? RequestJson.requirements(request)
                        : lock.requirements());
    }

    /**
     * A lock and what it is to be an answer to.
     *
     * @param digest of the lock's document, which was held to it
     */
    public record Verification(Lock lock, Digest digest, List<Requirement> requirements) {

        public Verification {
            requirements = List.copyOf(requirements);
        }
    }
}
