package dev.modunest.server.freshness;

import dev.modunest.format.http.EntityTags;
import dev.modunest.format.tuf.write.Layout;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.util.regex.Pattern;

/** {@code GET /tuf/}: metadata and targets of TUF (specification 6). */
public final class FreshnessEndpoint {

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._/-]{1,300}");

    /** As short as a batch takes: longer, and what was published is unknown to hosts meanwhile. */
    private static final String CHANGING = "public, max-age=1, stale-if-error=86400";

    private static final String NEVER_CHANGING = "public, max-age=31536000, immutable";

    private final FreshnessFiles files;

    public FreshnessEndpoint(Freshness freshness) {
        this.files = freshness.files();
    }

    /** {@code /tuf/{file}}. */
    public void metadata(ServerRequest request, ServerResponse response) {
        send(request, response, request.path().pathParameters().get("file"));
    }

    /** {@code /tuf/targets/{path}}. */
    public void target(ServerRequest request, ServerResponse response) {
        send(
                request,
                response,
                Layout.TARGETS_FOLDER + request.path().pathParameters().get("path"));
    }

    private void send(ServerRequest request, ServerResponse response, String path) {
        if (!PATH.matcher(path).matches()) {
            throw unknown();
        }
        FreshnessFiles.File file = files.find(path).orElseThrow(FreshnessEndpoint::unknown);
        response.header(
                HeaderNames.CACHE_CONTROL,
                path.equals(FreshnessFiles.TIMESTAMP) ? CHANGING : NEVER_CHANGING);
        response.header(HeaderNames.ETAG, file.entityTag());
        boolean known =
                request.headers()
                        .first(HeaderNames.IF_NONE_MATCH)
                        .filter(tags -> EntityTags.matchesWeakly(tags, file.entityTag()))
                        .isPresent();
        if (known) {
            response.status(Status.NOT_MODIFIED_304).send();
        } else {
            Answers.send(request, response, "application/json", file.content());
        }
    }

    private static Rejection unknown() {
        return new Rejection(
                ProblemCode.TUF_FILE_UNKNOWN,
                "There is no such file of TUF, or no more; begin with /tuf/timestamp.json, which names the snapshot that names all others");
    }
}
