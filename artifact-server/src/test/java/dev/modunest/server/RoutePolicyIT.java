package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.server.guard.Access;

import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * The one table of policy, {@code docs/api/access.md}, against every route: a route that is not in
 * it, or that lets in whom it must not, fails here.
 */
class RoutePolicyIT {

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `([A-Z, ]+)` \\| `(/[^`]*)` \\| ([^|]+) \\|$");
    private static final Set<String> WITH_BODY = Set.of("PUT", "POST", "PATCH");

    private static final String ID = "00000000-0000-4000-8000-000000000001";

    /** What stands in the place of parameters; of others an id. */
    private static final Map<String, String> PARAMETERS =
            Map.ofEntries(
                    Map.entry("namespace", "walk"),
                    Map.entry("name", "plugin"),
                    Map.entry("version", "1.0.0"),
                    Map.entry("file", "plugin-1.0.0.jar"),
                    Map.entry("hex", "0".repeat(64)),
                    Map.entry("organization", "walkers"),
                    Map.entry("team", "core"),
                    Map.entry("account", "alice"),
                    Map.entry("grant", "1"));

    private static TestRegistry registry;
    private static BadTokens tokens;
    private static HttpClient http;
    private static String alice;

    private record Answer(int status, Optional<String> challenge) {}

    @BeforeAll
    static void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_LIMITS_AUTHENTICATE_RATE", "100000",
                                "MODUNEST_LIMITS_AUTHENTICATE_BURST", "100000"));
        alice = registry.newAccount("alice");
        registry.publishAs(alice, "walk/plugin@1.0.0", TestJars.library("walk/plugin@1.0.0"));
        assertThat(
                        registry.call(
                                        alice,
                                        "POST",
                                        "/api/v1/organizations",
                                        "{\"name\": \"walkers\"}")
                                .statusCode())
                .isEqualTo(201);
        tokens = new BadTokens(registry, "alice");
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        http.close();
        tokens.close();
        registry.close();
    }

    private static void eachRoute(BiConsumer<String, String> step) {
        registry.server()
                .routes()
                .access()
                .forEach((path, methods) -> methods.keySet().forEach(m -> step.accept(m, path)));
    }

    private static Access demanded(String method, String path) {
        return Objects.requireNonNull(
                Objects.requireNonNull(registry.server().routes().access().get(path)).get(method));
    }

    /**
     * Pages of people and endpoints of OAuth check what they are sent, and refuse it themselves.
     */
    private static boolean decidesItself(String path) {
        return path.startsWith("/oauth/")
                || path.startsWith("/sign-")
                || path.startsWith("/device");
    }

    private static boolean isForEverybody(Access access) {
        return switch (access) {
            case Access.Everyone _, Access.ReadsWhatItFinds _, Access.Reads _ -> true;
            case Access.Own _, Access.Includes _, Access.Demands _ -> false;
        };
    }

    private static String example(String path) {
        String example = path;
        for (Map.Entry<String, String> parameter : PARAMETERS.entrySet()) {
            example = example.replace("{" + parameter.getKey() + "}", parameter.getValue());
        }
        return example.replaceAll("\\{[a-z_]+}", ID);
    }

    /** Of a stream no more than its head is read. */
    private static Answer send(String method, String path, Optional<String> authorization) {
        HttpRequest.Builder request =
                registry.request(example(path))
                        .method(
                                method,
                                WITH_BODY.contains(method)
                                        ? HttpRequest.BodyPublishers.ofString("{}")
                                        : HttpRequest.BodyPublishers.noBody());
        authorization.ifPresent(value -> request.header("Authorization", value));
        try {
            HttpResponse<InputStream> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream _ = response.body()) {
                return new Answer(
                        response.statusCode(), response.headers().firstValue("WWW-Authenticate"));
            }
        } catch (IOException failed) {
            throw new IllegalStateException(method + " " + path, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    @Test
    void theDocumentListsWhatEveryRouteDemands() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("../docs/api/access.md")))
                .results()
                .forEach(
                        row -> {
                            for (String method : row.group(1).split(", ", -1)) {
                                documented.put(row.group(2) + " " + method, row.group(3).strip());
                            }
                        });
        Map<String, String> decided = new TreeMap<>();
        eachRoute(
                (method, path) -> decided.put(path + " " + method, demanded(method, path).words()));

        assertThat(documented).containsExactlyEntriesOf(decided);
    }

    @Test
    void everyMethodOfEveryRouteIsDecided() {
        registry.server()
                .routes()
                .methodsByPath()
                .forEach(
                        (path, methods) ->
                                assertThat(registry.server().routes().access().get(path))
                                        .as(path)
                                        .containsOnlyKeys(methods));
    }

    @Test
    void withoutACredentialWhatIsPublicIsAnsweredAndNothingElse() {
        SoftAssertions softly = new SoftAssertions();
        eachRoute(
                (method, path) -> {
                    Answer answer = send(method, path, Optional.empty());
                    if (decidesItself(path)) {
                        softly.assertThat(answer.status()).as(method + " " + path).isLessThan(500);
                        return;
                    }
                    softly.assertThat(answer.status()).as(method + " " + path).isLessThan(500);
                    boolean refused = answer.status() == 401 || answer.status() == 403;
                    softly.assertThat(refused)
                            .as(method + " " + path + " is answered with " + answer)
                            .isEqualTo(!isForEverybody(demanded(method, path)));
                    softly.assertThat(answer.challenge().orElse(""))
                            .as(method + " " + path)
                            .startsWith(refused ? "Bearer realm=" : "");
                });
        softly.assertAll();
    }

    @Test
    void aCredentialThatDoesNotDoIsRefusedEverywhere() throws GeneralSecurityException {
        SoftAssertions softly = new SoftAssertions();
        tokens.headers()
                .forEach(
                        (wrong, header) ->
                                eachRoute(
                                        (method, path) -> {
                                            Answer answer = send(method, path, Optional.of(header));
                                            String what = method + " " + path + ", " + wrong;
                                            softly.assertThat(answer.status())
                                                    .as(what)
                                                    .isEqualTo(401);
                                            softly.assertThat(answer.challenge().orElse(""))
                                                    .as(what)
                                                    .startsWith("Bearer realm=\"modunest\"")
                                                    .contains("error=\"invalid_");
                                        }));
        softly.assertAll();
    }

    @Test
    void aCredentialOfAnotherScopeGetsWhatIsPublicAndNothingElse() {
        String elsewhere = registry.newToken("alice", "release.yank:else/where");
        SoftAssertions softly = new SoftAssertions();
        eachRoute(
                (method, path) -> {
                    Answer answer = send(method, path, Optional.of("Bearer " + elsewhere));
                    String what = method + " " + path;
                    if (decidesItself(path)) {
                        softly.assertThat(answer.status()).as(what).isLessThan(500);
                    } else if (isForEverybody(demanded(method, path))) {
                        softly.assertThat(answer.status())
                                .as(what)
                                .isLessThan(500)
                                .isNotIn(401, 403);
                    } else {
                        softly.assertThat(answer.status()).as(what).isEqualTo(403);
                        softly.assertThat(answer.challenge().orElse(""))
                                .as(what)
                                .contains("error=\"insufficient_scope\"");
                    }
                });
        softly.assertAll();
    }

    @Test
    void theSameCredentialIsTakenWhereNothingIsWrongWithIt() {
        String good = tokens.issued(Instant.now(), tokens.ours(), tokens.session());
        assertThat(send("GET", "/api/v1/organizations", Optional.of("Bearer " + good)).status())
                .isEqualTo(200);
        assertThat(send("GET", "/api/v1/organizations", Optional.of("bearer " + alice)).status())
                .isEqualTo(200);
    }
}
