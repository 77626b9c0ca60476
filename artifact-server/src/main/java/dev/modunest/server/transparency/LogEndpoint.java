package dev.modunest.server.transparency;

import dev.modunest.db.Database;
import dev.modunest.db.trust.Leaf;
import dev.modunest.db.trust.LogShard;
import dev.modunest.format.Digest;
import dev.modunest.server.artifact.ArtifactStore;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.artifact.StoredObject.LogCheckpoint;
import dev.modunest.server.artifact.StoredObject.LogFile;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.auth.Resource;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code GET} of the log: checkpoint, tiles (C2SP tlog-tiles) and the statements that are logged.
 */
public final class LogEndpoint {

    private final String shard;
    private final LogHead head;
    private final Database database;
    private final ArtifactStore store;
    private final PluginAuthService auth;

    public LogEndpoint(
            Transparency log, Database database, ArtifactStore store, PluginAuthService auth) {
        this.shard = log.shard();
        this.head = log.head();
        this.database = database;
        this.store = store;
        this.auth = auth;
    }

    /**
     * {@code /log/{shard}/checkpoint}: from the index, where who is not the writer any more cannot
     * write.
     */
    public void checkpoint(ServerRequest request, ServerResponse response) {
        String asked = request.path().pathParameters().get("shard");
        String checkpoint =
                current(asked)
                        .orElseThrow(() -> unknown("There is no checkpoint of a log " + asked));
        LogCheckpoint object = new LogCheckpoint(asked);
        response.header(HeaderNames.CACHE_CONTROL, object.cacheControl());
        Answers.send(
                request, response, object.mediaType(), checkpoint.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<String> current(String asked) {
        return asked.equals(shard)
                ? head.published().checkpoint()
                : database.<Optional<LogShard>>read(tx -> tx.log().find(asked))
                        .flatMap(LogShard::checkpoint);
    }

    /** {@code /log/{shard}/tile/{tile}}. */
    public void tile(ServerRequest request, ServerResponse response) {
        String path =
                request.path().pathParameters().get("shard")
                        + "/tile/"
                        + request.path().pathParameters().get("tile");
        LogFile file =
                LogFile.parse(path).orElseThrow(() -> unknown("No tile has the path " + path));
        send(request, response, file, () -> unknown("The log has no " + path + " yet"));
    }

    /** {@code /attest/sha256/{hex}}: to everybody unless the namespace is private. */
    public void statement(ServerRequest request, ServerResponse response) {
        String hex = request.path().pathParameters().get("hex");
        Rejection unknown =
                new Rejection(
                        ProblemCode.STATEMENT_UNKNOWN,
                        "No statement in the log has the payload sha256:" + hex);
        Digest payload = Digest.tryHex(hex).orElseThrow(() -> unknown);
        Leaf leaf =
                database.<Optional<Leaf>>readStale(tx -> tx.log().findPayload(payload))
                        .orElseThrow(() -> unknown);
        leaf.release()
                .ifPresent(
                        release ->
                                Answers.keepPrivate(
                                        auth.requireRead(
                                                Caller.of(request),
                                                new Resource.OfPlugin(release.plugin()),
                                                () -> unknown),
                                        response));
        send(request, response, new StoredObject.Statement(payload), () -> unknown);
    }

    private void send(
            ServerRequest request,
            ServerResponse response,
            StoredObject object,
            Supplier<Rejection> missing) {
        byte[] content = store.get(object).orElseThrow(missing);
        if (!response.headers().contains(HeaderNames.CACHE_CONTROL)) {
            response.header(HeaderNames.CACHE_CONTROL, object.cacheControl());
        }
        response.header(HeaderNames.ETAG, Digest.ofBytes(content).entityTag());
        Answers.send(request, response, object.mediaType(), content);
    }

    private static Rejection unknown(String detail) {
        return new Rejection(
                ProblemCode.LOG_FILE_UNKNOWN,
                detail + "; GET /log/{shard}/checkpoint tells how large the log is");
    }
}
