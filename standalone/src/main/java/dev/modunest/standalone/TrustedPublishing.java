package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.PluginId;
import dev.modunest.settings.Secret;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tokens of a CI job, each for one plugin: the ID token that the CI gives the job is exchanged at
 * the registry (RFC 8693). The ID token is for the address of the registry as the job has it, so
 * that no other registry can use it. Thread-safe.
 */
final class TrustedPublishing implements PublishTokens {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration ANSWER_AT_MOST = Duration.ofSeconds(30);
    private static final Duration SPARE = Duration.ofMinutes(1);

    private final URI registry;
    private final IdTokens idTokens;
    private final HttpClient http;
    private final Map<PluginId, Issued> issued = new HashMap<>();

    private record Issued(Secret token, long expiresNanos) {}

    private interface IdTokens {
        String next() throws IOException, InterruptedException;
    }

    private TrustedPublishing(URI registry, IdTokens idTokens, HttpClient http) {
        this.registry = registry;
        this.idTokens = idTokens;
        this.http = http;
    }

    /** Empty where the environment is not that of a CI job that may have ID tokens. */
    static Optional<TrustedPublishing> find(Map<String, String> environment, URI registry) {
        HttpClient http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(ANSWER_AT_MOST)
                        .build();
        Optional<String> url = given(environment, "ACTIONS_ID_TOKEN_REQUEST_URL");
        Optional<String> token = given(environment, "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
        if (url.isPresent() && token.isPresent()) {
            return Optional.of(
                    new TrustedPublishing(
                            registry,
                            () -> fromGitHub(http, url.get(), token.get(), registry),
                            http));
        }
        return given(environment, "MODUNEST_ID_TOKEN")
                .map(text -> new TrustedPublishing(registry, () -> text, http));
    }

    private static Optional<String> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** A new one each time; the address has a query already. */
    private static String fromGitHub(HttpClient http, String url, String token, URI registry)
            throws IOException, InterruptedException {
        String audience = registry.toString().replaceFirst("/+$", "");
        HttpResponse<byte[]> answer =
                http.send(
                        HttpRequest.newBuilder(URI.create(url + "&audience=" + encode(audience)))
                                .timeout(ANSWER_AT_MOST)
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        String value =
                answer.statusCode() == 200
                        ? JSON.readTree(answer.body()).path("value").asText("")
                        : "";
        if (value.isEmpty()) {
            throw new Refused(
                    "GitHub gives the job no ID token, status "
                            + answer.statusCode()
                            + "; give the job permissions: id-token: write");
        }
        return value;
    }

    /** One at a time, so that a plugin with several releases is asked for once. */
    @Override
    public synchronized Secret token(PluginId plugin) throws IOException, InterruptedException {
        Issued known = issued.get(plugin);
        if (known != null && System.nanoTime() - known.expiresNanos() < 0) {
            return known.token();
        }
        Issued fresh = exchange(plugin);
        issued.put(plugin, fresh);
        return fresh.token();
    }

    private Issued exchange(PluginId plugin) throws IOException, InterruptedException {
        String form =
                "grant_type="
                        + encode("urn:ietf:params:oauth:grant-type:token-exchange")
                        + "&subject_token_type="
                        + encode("urn:ietf:params:oauth:token-type:id_token")
                        + "&scope="
                        + encode("release.publish:" + plugin)
                        + "&subject_token="
                        + encode(idTokens.next());
        HttpResponse<byte[]> answer =
                http.send(
                        HttpRequest.newBuilder(registry.resolve("/oauth/token"))
                                .timeout(ANSWER_AT_MOST)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        JsonNode document = JSON.readTree(answer.body());
        String token = document.path("access_token").asText("");
        if (answer.statusCode() != 200 || token.isEmpty()) {
            throw new Refused(
                    "the registry does not let this CI job publish "
                            + plugin
                            + ": "
                            + document.path("error_description")
                                    .asText("status " + answer.statusCode()));
        }
        Duration lifetime = Duration.ofSeconds(document.path("expires_in").asLong()).minus(SPARE);
        return new Issued(new Secret(token), System.nanoTime() + lifetime.toNanos());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
