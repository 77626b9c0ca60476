package dev.modunest.server.oauth;

import dev.modunest.format.Digest;
import dev.modunest.format.http.EntityTags;
import dev.modunest.server.problem.Answers;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Answers with a key set (RFC 7517, 5). */
final class KeySetEndpoint {

    private final Supplier<String> keys;

    KeySetEndpoint(Supplier<String> keys) {
        this.keys = keys;
    }

    void get(ServerRequest request, ServerResponse response) {
        byte[] document = keys.get().getBytes(StandardCharsets.UTF_8);
        String tag = Digest.ofBytes(document).entityTag();
        response.header(HeaderNames.CACHE_CONTROL, "public, max-age=300");
        response.header(HeaderNames.ETAG, tag);
        boolean same =
                request.headers()
                        .first(HeaderNames.IF_NONE_MATCH)
                        .filter(tags -> EntityTags.matchesWeakly(tags, tag))
                        .isPresent();
        if (same) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        Answers.send(request, response, "application/jwk-set+json", document);
    }
}
