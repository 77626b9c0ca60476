package dev.modunest.server;

import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.Answers;
import dev.modunest.telemetry.Exposition;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code GET /metrics} and {@code GET /openapi.yaml}. */
final class OperationsEndpoint {

    private static final String OPEN_API = "openapi.yaml";

    private final Metrics metrics;
    private final byte[] openApi = openApi();

    OperationsEndpoint(Metrics metrics) {
        this.metrics = metrics;
    }

    void metrics(ServerRequest request, ServerResponse response) {
        Exposition format =
                Exposition.accepting(request.headers().first(HeaderNames.ACCEPT).orElse(null));
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        response.header(HeaderNames.VARY, "Accept");
        Answers.send(
                request,
                response,
                format.contentType(),
                metrics.text(format).getBytes(StandardCharsets.UTF_8));
    }

    void openApi(ServerRequest request, ServerResponse response) {
        response.header(HeaderNames.CACHE_CONTROL, "public, max-age=3600");
        Answers.send(request, response, "application/yaml", openApi);
    }

    private static byte[] openApi() {
        try (InputStream in = OperationsEndpoint.class.getResourceAsStream(OPEN_API)) {
            if (in == null) {
                throw new IllegalStateException(OPEN_API + " is not packaged");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
