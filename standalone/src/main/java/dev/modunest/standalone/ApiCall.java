package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.http.Problem;
import dev.modunest.settings.Secret;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One call of the API as somebody; a refusal is a {@link StandaloneException} with its fix. */
final class ApiCall {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_AT_MOST = Duration.ofSeconds(5);
    private static final Duration ANSWER_AT_MOST = Duration.ofSeconds(30);
    private static final long MAX_BYTES = 4 << 20;

    private ApiCall() {}

    /** The document that answers. */
    static JsonNode send(URI registry, Secret token, String method, String path, String body)
            throws InterruptedException {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_AT_MOST).build()) {
            HttpResponse<byte[]> response =
                    http.send(
                            HttpRequest.newBuilder(registry.resolve(path))
                                    .timeout(ANSWER_AT_MOST)
                                    .header("Authorization", "Bearer " + token.value())
                                    .header("Content-Type", "application/json")
                                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.limiting(
                                    HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
            if (response.statusCode() / 100 == 2) {
                return JSON.readTree(response.body());
            }
            throw StandaloneException.refused(
                    Problem.read(response.body())
                            .map(problem -> problem.code() + ": " + problem.detail())
                            .orElse("the registry answers " + response.statusCode()));
        } catch (IOException failed) {
            throw StandaloneException.refused(
                    "the registry " + registry + " does not answer: " + failed.getMessage(),
                    failed);
        }
    }
}
