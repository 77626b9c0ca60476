package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** Sends forms to OAuth endpoints, and reads what they answer. */
final class OAuthForms {

    static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    static final String ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
    static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static final ObjectMapper JSON = new ObjectMapper();

    private OAuthForms() {}

    static HttpResponse<byte[]> post(
            TestRegistry registry, String path, Map<String, String> form, String... headers) {
        String body =
                form.entrySet().stream()
                        .map(
                                entry ->
                                        entry.getKey()
                                                + "="
                                                + URLEncoder.encode(
                                                        entry.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return postText(registry, path, body, headers);
    }

    static HttpResponse<byte[]> postText(
            TestRegistry registry, String path, String body, String... headers) {
        HttpRequest.Builder request =
                registry.request(path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        return registry.send(headers.length == 0 ? request : request.headers(headers));
    }

    /** A JSON request with that token. */
    static HttpResponse<byte[]> json(
            TestRegistry registry, String method, String path, String token, String body) {
        return registry.send(
                registry.request(path)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException malformed) {
            throw new AssertionError(
                    new String(response.body(), StandardCharsets.UTF_8), malformed);
        }
    }

    /** The JSON of an answer that has that status. */
    static JsonNode json(HttpResponse<byte[]> response, int status) {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        return json(response);
    }

    /** The answer is this error (RFC 6749, 5.2). */
    static void assertError(
            HttpResponse<byte[]> response, int status, String error, String description) {
        JsonNode document = json(response, status);
        assertThat(document.path("error").asText()).isEqualTo(error);
        assertThat(document.path("error_description").asText()).contains(description);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(response.headers().firstValue("WWW-Authenticate").isPresent())
                .isEqualTo(status == 401);
    }
}
