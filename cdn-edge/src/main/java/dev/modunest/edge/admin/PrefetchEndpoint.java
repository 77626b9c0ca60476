package dev.modunest.edge.admin;

import dev.modunest.edge.origin.Asker;
import dev.modunest.edge.origin.TraceFields;
import dev.modunest.edge.prefetch.PrefetchJob;
import dev.modunest.edge.prefetch.Prefetches;
import dev.modunest.edge.serve.ArtifactPath;
import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.LockJson;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Supplier;

/** Has paths, digests and the releases of a lock fetched, and tells how far that is. */
public final class PrefetchEndpoint {

    private static final String PATHS = "paths";
    private static final String DIGESTS = "digests";

    /** What shows a lock (docs/format/resolution.md). */
    private static final String LOCK_VERSION = "lock_version";

    private final Supplier<Optional<Prefetches>> prefetches;
    private final AdminWork work;
    private final AdminSettings settings;

    /**
     * @param prefetches empty while another edge owns the directory of the tiers
     */
    public PrefetchEndpoint(
            Supplier<Optional<Prefetches>> prefetches, AdminWork work, AdminSettings settings) {
        this.prefetches = prefetches;
        this.work = work;
        this.settings = settings;
    }

    void submit(AdminExchange x) {
        Optional<Prefetches> target = prefetches.get();
        if (target.isEmpty()) {
            x.standby();
            return;
        }
        Asker asker = new Asker(x.requestId(), x.client(), List.of(), TraceFields.NONE);
        x.readBody(
                settings.maxBody().bytes(),
                body ->
                        work.run(
                                x,
                                () -> target.get().submit(read(body), asker),
                                submitted -> answer(x, submitted)));
    }

    private static void answer(AdminExchange x, Prefetches.Submitted submitted) {
        switch (submitted) {
            case Prefetches.Submitted.Accepted(PrefetchJob job) -> {
                x.request().response().putHeader("Location", "/-/prefetch/" + job.id());
                x.json(202, json(job));
            }
            case Prefetches.Submitted.Full(String why) ->
                    x.unavailable("too-many-prefetches", "Too much is being prefetched", why);
        }
    }

    void tell(AdminExchange x, String id) {
        Optional<Prefetches> all = prefetches.get();
        if (all.isEmpty()) {
            x.standby();
            return;
        }
        all.get()
                .find(id)
                .ifPresentOrElse(
                        job -> x.json(200, json(job)),
                        () ->
                                x.problem(
                                        404,
                                        "prefetch-unknown",
                                        "There is no such job",
                                        "The last prefetch.max_jobs are remembered until the edge"
                                                + " ends; POST the list again."));
    }

    private static JsonObject json(PrefetchJob job) {
        PrefetchJob.Progress progress = job.progress();
        JsonArray failures = new JsonArray();
        progress.failures()
                .forEach(
                        each ->
                                failures.add(
                                        new JsonObject()
                                                .put("target", each.target())
                                                .put("reason", each.reason())));
        JsonObject json =
                new JsonObject()
                        .put("id", job.id())
                        .put("total", progress.total())
                        .put("done", progress.done())
                        .put("failed", progress.failed())
                        .put("waiting", progress.waiting())
                        .put("failures", failures)
                        .put("begun_at", progress.begunAt().toString());
        progress.endedAt().ifPresent(at -> json.put("ended_at", at.toString()));
        return json;
    }

    private static SequencedSet<String> read(Buffer body) throws BadRequestException {
        JsonObject json = JsonBody.parse(body);
        SequencedSet<String> targets = new LinkedHashSet<>();
        if (json.containsKey(LOCK_VERSION)) {
            lock(body).plan().steps().forEach(step -> targets.add(path(step.digest())));
        } else {
            JsonBody.allowOnly(json, Set.of(PATHS, DIGESTS));
            targets.addAll(JsonBody.targets(json, PATHS));
            for (String text : JsonBody.texts(json, DIGESTS)) {
                targets.add(path(JsonBody.digest(text)));
            }
        }
        if (targets.isEmpty()) {
            throw new BadRequestException(
                    "Name what is to be fetched: paths or digests, one at least, or send a lock.");
        }
        return targets;
    }

    private static Lock lock(Buffer body) throws BadRequestException {
        try {
            return LockJson.read(body.toString());
        } catch (IllegalArgumentException malformed) {
            throw new BadRequestException("The lock: " + malformed.getMessage() + ".");
        }
    }

    private static String path(Digest digest) {
        return new ArtifactPath.ByDigest(digest).text();
    }
}
