package dev.modunest.edge.admin;

import dev.modunest.edge.cache.NamedPurge;
import dev.modunest.format.Digest;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Purges by URL, prefix, cache tag and digest. */
public final class PurgeEndpoint {

    private static final String URLS = "urls";
    private static final String PREFIXES = "prefixes";
    private static final String TAGS = "tags";
    private static final String DIGESTS = "digests";
    private static final String SOFT = "soft";
    private static final Set<String> MEMBERS = Set.of(URLS, PREFIXES, TAGS, DIGESTS, SOFT);

    private final Supplier<Optional<TierPurge>> tiers;
    private final AdminWork work;
    private final AdminSettings settings;

    /**
     * @param tiers empty while another edge owns their directory
     */
    public PurgeEndpoint(
            Supplier<Optional<TierPurge>> tiers, AdminWork work, AdminSettings settings) {
        this.tiers = tiers;
        this.work = work;
        this.settings = settings;
    }

    void purge(AdminExchange x) {
        Optional<TierPurge> target = tiers.get();
        if (target.isEmpty()) {
            x.standby();
            return;
        }
        x.readBody(
                settings.maxBody().bytes(),
                body ->
                        work.run(
                                x,
                                () -> {
                                    NamedPurge purge = read(body);
                                    return answer(purge, target.get().apply(purge));
                                },
                                answer -> x.json(200, answer)));
    }

    private static JsonObject answer(NamedPurge purge, TierPurge.Outcome outcome) {
        return new JsonObject()
                .put(SOFT, purge.soft())
                .put("responses", outcome.responses())
                .put("objects", outcome.objects());
    }

    private static NamedPurge read(Buffer body) throws BadRequestException {
        JsonObject json = JsonBody.parse(body);
        JsonBody.allowOnly(json, MEMBERS);
        if (json.containsKey(SOFT) && !(json.getValue(SOFT) instanceof Boolean)) {
            throw new BadRequestException("soft is true or false.");
        }
        NamedPurge purge =
                new NamedPurge(
                        JsonBody.targets(json, URLS),
                        new TreeSet<>(JsonBody.targets(json, PREFIXES)),
                        Set.copyOf(JsonBody.texts(json, TAGS)),
                        digests(json),
                        json.getBoolean(SOFT, false));
        if (purge.isEmpty()) {
            throw new BadRequestException(
                    "Name what is to go: urls, prefixes, tags or digests, one at least.");
        }
        if (purge.soft() && !purge.digests().isEmpty()) {
            throw new BadRequestException(
                    "The bytes of a digest are never outdated; purge digests without soft.");
        }
        return purge;
    }

    private static Set<Digest> digests(JsonObject json) throws BadRequestException {
        Set<Digest> digests = new HashSet<>();
        for (String text : JsonBody.texts(json, DIGESTS)) {
            digests.add(JsonBody.digest(text));
        }
        return digests;
    }
}
