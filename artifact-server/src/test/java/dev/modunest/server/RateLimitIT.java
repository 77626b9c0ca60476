package dev.modunest.server;

import static dev.modunest.server.admission.LimitedAction.AUTHENTICATE;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.server.admission.LimitedAction;

import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Limits on how often a party does what costs. */
class RateLimitIT {

    private static final String RELEASE = "/api/v1/plugins/acme/a/1.0.0";

    private static HttpRequest.Builder json(TestRegistry to, String method, String path) {
        return to.request(path)
                .header("Authorization", "Bearer " + to.token())
                .method(method, HttpRequest.BodyPublishers.ofString("{}"));
    }

    /** The requests that count as {@code action}. */
    private static List<HttpRequest.Builder> requests(LimitedAction action, TestRegistry to) {
        return switch (action) {
            case PUBLISH -> List.of(json(to, "PUT", RELEASE));
            case CHANGE ->
                    List.of(
                            json(to, "PATCH", RELEASE),
                            to.request(RELEASE)
                                    .header("Authorization", "Bearer " + to.token())
                                    .DELETE(),
                            json(to, "PATCH", "/api/v1/namespaces/acme"));
            case RESOLVE ->
                    List.of(
                            json(to, "POST", "/api/v1/resolve"),
                            json(to, "POST", "/api/v1/resolve/verify"));
            case SEARCH ->
                    List.of(
                            to.request("/api/v1/plugins").GET(),
                            to.request("/api/v1/plugins?q=x").HEAD());
            case STAMP ->
                    List.of(to.request("/tsa").POST(HttpRequest.BodyPublishers.ofString("any")));
            case AUTHENTICATE -> throw new IllegalArgumentException("counted when it is refused");
        };
    }

    @Test
    void everyActionIsCountedAndRefusedPastItsLimit() {
        Map<String, String> settings = new HashMap<>();
        for (LimitedAction action : LimitedAction.values()) {
            String variable = "MODUNEST_LIMITS_" + action.name();
            settings.put(variable + "_RATE", "1");
            settings.put(variable + "_BURST", "60");
        }
        try (TestRegistry registry = TestRegistry.start(settings)) {
            registry.published("acme/known@1.0.0");
            for (LimitedAction action : EnumSet.complementOf(EnumSet.of(AUTHENTICATE))) {
                List<HttpRequest.Builder> requests = requests(action, registry);
                for (HttpRequest.Builder request : requests) {
                    HttpResponse<byte[]> counted = registry.send(request);
                    assertThat(counted.statusCode()).as(action.key()).isNotEqualTo(429);
                    assertThat(counted.headers().firstValue("RateLimit-Policy"))
                            .hasValue("\"" + action.key() + "\";q=60;w=60");
                    assertThat(counted.headers().firstValue("RateLimit").orElseThrow())
                            .matches("\"" + action.key() + "\";r=[1-9][0-9]*;t=[0-9]+");
                }
                HttpResponse<byte[]> last = registry.send(requests.getFirst());
                while (last.statusCode() != 429) {
                    last = registry.send(requests.getFirst());
                }
                for (HttpRequest.Builder request : requests) {
                    HttpResponse<byte[]> refused = registry.send(request);
                    assertThat(refused.statusCode()).as(action.key()).isEqualTo(429);
                    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
                    assertThat(refused.headers().firstValue("RateLimit").orElseThrow())
                            .startsWith("\"" + action.key() + "\";r=0;t=");
                }
                TestRegistry.assertProblem(last, 429, "rate-limited", "limits." + action.key());
            }
        }
    }

    @Test
    void clientsWithoutAnAccountAreCountedByTheAddressThatATrustedProxyTells() {
        try (TestRegistry registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_LIMITS_SEARCH_RATE", "1",
                                "MODUNEST_LIMITS_SEARCH_BURST", "100"))) {
            String first = "203.0.113.9, 192.0.2.1";
            HttpResponse<byte[]> last =
                    registry.get("/api/v1/plugins", "X-Forwarded-For", "192.0.2.1");
            while (last.statusCode() == 200) {
                last = registry.get("/api/v1/plugins", "X-Forwarded-For", first);
            }

            assertThat(last.statusCode()).isEqualTo(429);
            assertThat(registry.get("/api/v1/plugins", "X-Forwarded-For", "192.0.2.2").statusCode())
                    .isEqualTo(200);
            assertThat(
                            registry.get(
                                            "/api/v1/plugins",
                                            "X-Forwarded-For",
                                            first,
                                            "Authorization",
                                            "Bearer " + registry.token())
                                    .statusCode())
                    .as("of an account")
                    .isEqualTo(200);
        }
    }

    @Test
    void refusedCredentialsAreCountedByAddressAndGoodOnesAreNot() {
        try (TestRegistry registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_LIMITS_AUTHENTICATE_RATE", "1",
                                "MODUNEST_LIMITS_AUTHENTICATE_BURST", "50"))) {
            HttpResponse<byte[]> last;
            do {
                last = registry.get("/api/v1/plugins", "Authorization", "Bearer guessed");
            } while (last.statusCode() == 401);

            TestRegistry.assertProblem(last, 429, "rate-limited", "limits.authenticate");
            assertThat(
                            registry.get(
                                            "/api/v1/plugins",
                                            "Authorization",
                                            "Bearer " + registry.token())
                                    .statusCode())
                    .isEqualTo(200);
            assertThat(
                            registry.get(
                                            "/api/v1/plugins",
                                            "X-Forwarded-For",
                                            "192.0.2.7",
                                            "Authorization",
                                            "Bearer guessed")
                                    .statusCode())
                    .as("from another address")
                    .isEqualTo(401);
        }
    }

    @Test
    void aStrangersWordForItsAddressIsNotTaken() {
        try (TestRegistry registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_LIMITS_TRUSTED_PROXIES", "192.0.2.0/24",
                                "MODUNEST_LIMITS_SEARCH_RATE", "1",
                                "MODUNEST_LIMITS_SEARCH_BURST", "50"))) {
            int asked = 0;
            HttpResponse<byte[]> last;
            do {
                asked++;
                last =
                        registry.get(
                                "/api/v1/plugins", "X-Forwarded-For", "198.51.100." + asked % 256);
            } while (last.statusCode() == 200);

            assertThat(last.statusCode()).isEqualTo(429);
        }
    }

    @Test
    void pastTheLimitAnAccountIsToldWhenToComeBackAndOthersGoOn() {
        try (TestRegistry registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_LIMITS_PUBLISH_RATE", "1",
                                "MODUNEST_LIMITS_PUBLISH_BURST", "2"))) {
            HttpResponse<byte[]> first =
                    registry.publish("acme/a@1.0.0", TestJars.library("acme/a@1.0.0"));
            HttpResponse<byte[]> refused =
                    registry.publish("acme/b@1.0.0", TestJars.library("acme/c@1.0.0"));

            assertThat(first.statusCode()).isEqualTo(201);
            assertThat(first.headers().firstValue("RateLimit-Policy"))
                    .hasValue("\"publish\";q=2;w=2");
            assertThat(first.headers().firstValue("RateLimit").orElseThrow())
                    .startsWith("\"publish\";r=1;t=");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.headers().firstValue("RateLimit")).isPresent();

            HttpResponse<byte[]> limited = refused;
            for (int i = 0; i < 50 && limited.statusCode() != 429; i++) {
                limited = registry.publish("acme/b@1.0.0", TestJars.library("acme/c@1.0.0"));
            }
            TestRegistry.assertProblem(limited, 429, "rate-limited", "try again in 1 seconds");
            assertThat(limited.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(limited.headers().firstValue("RateLimit").orElseThrow())
                    .startsWith("\"publish\";r=0;t=");
            String other = registry.newAccount("other");
            assertThat(
                            registry.publishAs(
                                            other, "else/a@1.0.0", TestJars.library("else/a@1.0.0"))
                                    .statusCode())
                    .isEqualTo(201);
        }
    }
}
