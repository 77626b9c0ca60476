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
        try {
            HttpResponse<byte[]> response = answer(registry, token, method, path, body);
            if (isGood(response)) {
                return JSON.readTree(response.body());
            }
            throw StandaloneException.refused(refusal(response));
        } catch (IOException failed) {
            throw silent(registry, failed);
        }
    }

    /** Posts; a refusal with that code is as good as a success. */
    static void sendUnless(String code, URI registry, Secret token, String path, String body)
            throws InterruptedException {
        try {
            HttpResponse<byte[]> response = answer(registry, token, "POST", path, body);
            boolean excused =
                    Problem.read(response.body())
                            .filter(problem -> problem.code().equals(code))
                            .isPresent();
            if (!isGood(response) && !excused) {
                throw StandaloneException.refused(refusal(response));
            }
        } catch (IOException failed) {
            throw silent(registry, failed);
        }
    }

    private static HttpResponse<byte[]> answer(
            URI registry, Secret token, String method, String path, String body)
            throws IOException, InterruptedException {
        return exchange(
                token,
                HttpRequest.newBuilder(registry.resolve(path))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static boolean isGood(HttpResponse<byte[]> response) {
        return response.statusCode() / 100 == 2;
    }

    private static StandaloneException silent(URI registry, IOException failed) {
        return StandaloneException.refused(
                "the registry " + registry + " does not answer: " + failed.getMessage(), failed);
    }

    /** The answer, whatever it is, of at most 4 MiB; throws when there is none in time. */
    static HttpResponse<byte[]> exchange(Secret token, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        request.timeout(ANSWER_AT_MOST).header("Authorization", "Bearer " + token.value());
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_AT_MOST).build()) {
            return http.send(
                    request.build(),
                    HttpResponse.BodyHandlers.limiting(
                            HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
        }
    }

    /** What a refusal says and what to do, in a line. */
    static String refusal(HttpResponse<byte[]> response) {
        return Problem.read(response.body())
                .map(problem -> problem.code() + ": " + problem.detail())
                .orElseGet(
                        () -> "the registry answers " + response.statusCode() + " and no problem");
    }
}
