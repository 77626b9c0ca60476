package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Speaks to the OAuth endpoints of a registry. */
final class OAuthClient implements AutoCloseable {

    static final String CLIENT = "modunest-cli";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_AT_MOST = Duration.ofSeconds(5);
    private static final Duration ANSWER_AT_MOST = Duration.ofSeconds(30);
    private static final long MAX_BYTES = 1 << 20;

    private final URI registry;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT_AT_MOST).build();

    /**
     * An answer, good or not.
     *
     * @param body a JSON object, empty when it is none
     */
    record Answer(int status, JsonNode body) {

        boolean isGood() {
            return status == 200;
        }

        /** The code of an error (RFC 6749, 5.2). */
        String error() {
            return body.path("error").asText(body.path("type").asText("status " + status));
        }

        String description() {
            return body.path("error_description").asText(body.path("detail").asText(error()));
        }
    }

    OAuthClient(URI registry) {
        this.registry = registry;
    }

    /** Posts a form to {@code path}. */
    Answer post(String path, Map<String, String> form) throws InterruptedException {
        String body =
                form.entrySet().stream()
                        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&"));
        try {
            HttpResponse<byte[]> response =
                    http.send(
                            HttpRequest.newBuilder(registry.resolve(path))
                                    .timeout(ANSWER_AT_MOST)
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.limiting(
                                    HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
            return new Answer(response.statusCode(), object(response.body()));
        } catch (IOException failed) {
            throw StandaloneException.refused(
                    "the registry " + registry + " does not answer: " + failed.getMessage(),
                    failed);
        }
    }

    private static JsonNode object(byte[] body) {
        try {
            JsonNode tree = JSON.readTree(body);
            return tree == null ? JsonNodeFactory.instance.objectNode() : tree;
        } catch (IOException none) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
