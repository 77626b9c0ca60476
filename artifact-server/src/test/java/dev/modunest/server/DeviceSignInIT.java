package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.auth0.jwt.JWT;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.server.auth.PluginAuthService;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Devices that a person signs in by a browser, and the tokens that they get. */
class DeviceSignInIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEVICE = "urn:ietf:params:oauth:grant-type:device_code";
    private static final String PASSWORD = "seven green kettles";

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_PASSWORD_MEMORY", "8MiB",
                                "MODUNEST_SIGN_IN_POLL_INTERVAL", "1s"));
        assertThat(
                        registry.send(
                                        registry.request("/api/v1/accounts")
                                                .header(
                                                        "Authorization",
                                                        "Bearer " + registry.token())
                                                .POST(
                                                        HttpRequest.BodyPublishers.ofString(
                                                                "{\"account\":\"anna\",\"password\":\""
                                                                        + PASSWORD
                                                                        + "\"}")))
                                .statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static HttpResponse<byte[]> form(String path, String... fields) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < fields.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(fields[i])
                    .append('=')
                    .append(URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        return registry.send(
                registry.request(path)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form.toString())));
    }

    private static JsonNode json(HttpResponse<byte[]> response, int status) throws IOException {
        assertThat(response.statusCode())
                .as(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        return JSON.readTree(response.body());
    }

    private static JsonNode begin(String... scope) throws IOException {
        return json(
                scope.length == 0
                        ? form("/oauth/device_authorization", "client_id", "modunest-cli")
                        : form(
                                "/oauth/device_authorization",
                                "client_id",
                                "modunest-cli",
                                "scope",
                                scope[0]),
                200);
    }

    private static HttpResponse<byte[]> poll(JsonNode begun) {
        registry.execute("update device_codes set last_polled_at = null");
        return form(
                "/oauth/token",
                "grant_type",
                DEVICE,
                "client_id",
                "modunest-cli",
                "device_code",
                begun.path("device_code").asText());
    }

    private static String error(HttpResponse<byte[]> response) throws IOException {
        return json(response, 400).path("error").asText();
    }

    private static void decide(JsonNode begun, String decision) {
        try (TestBrowser browser = new TestBrowser(registry)) {
            String page = "/device?user_code=" + begun.path("user_code").asText();
            assertThat(browser.get(page).headers().firstValue("Location").orElseThrow())
                    .startsWith("/sign-in?return_to=%2Fdevice");
            browser.post("/sign-in", "account", "anna", "password", PASSWORD);
            assertThat(browser.get(page.toLowerCase(java.util.Locale.ROOT)).body())
                    .contains(begun.path("user_code").asText(), "anna");
            assertThat(
                            browser.post(
                                            "/device",
                                            "user_code",
                                            begun.path("user_code").asText(),
                                            "decision",
                                            decision)
                                    .statusCode())
                    .isEqualTo(200);
        }
    }

    private static JsonNode signedIn(String... scope) throws IOException {
        JsonNode begun = begin(scope);
        decide(begun, "approve");
        return json(poll(begun), 200);
    }

    private static JsonNode refresh(JsonNode tokens, int status) throws IOException {
        return json(
                form(
                        "/oauth/token",
                        "grant_type",
                        "refresh_token",
                        "refresh_token",
                        tokens.path("refresh_token").asText()),
                status);
    }

    private static int account(JsonNode tokens) {
        return registry.get(
                        "/api/v1/account",
                        "Authorization",
                        "Bearer " + tokens.path("access_token").asText())
                .statusCode();
    }

    @Test
    void aDeviceWaitsUntilItsPersonAgreesAndItsCodeWorksOnce() throws IOException {
        JsonNode begun = begin();
        assertThat(begun.path("user_code").asText()).matches("[B-Z]{4}-[B-Z]{4}");
        assertThat(error(poll(begun))).isEqualTo("authorization_pending");

        decide(begun, "approve");
        JsonNode tokens = json(poll(begun), 200);
        assertThat(tokens.path("token_type").asText()).isEqualToIgnoringCase("Bearer");
        assertThat(account(tokens)).isEqualTo(200);
        DecodedJWT access = JWT.decode(tokens.path("access_token").asText());
        assertThat(access.getType()).isEqualTo("at+jwt");
        assertThat(access.getAlgorithm()).isEqualTo("ES256");
        assertThat(access.getSubject()).isEqualTo("account:anna");
        assertThat(access.getClaim("client_id").asString()).isEqualTo("modunest-cli");
        assertThat(error(poll(begun))).isEqualTo("invalid_grant");
    }

    @Test
    void aDeviceThatAsksTooOftenOrTooLateIsTold() throws IOException {
        JsonNode begun = begin();
        assertThat(error(poll(begun))).isEqualTo("authorization_pending");
        registry.execute("update device_codes set last_polled_at = now() + interval '1 hour'");
        HttpResponse<byte[]> early =
                form(
                        "/oauth/token",
                        "grant_type",
                        DEVICE,
                        "client_id",
                        "modunest-cli",
                        "device_code",
                        begun.path("device_code").asText());
        assertThat(error(early)).isEqualTo("slow_down");
        registry.execute("update device_codes set expires_at = now() - interval '1 second'");
        assertThat(error(poll(begun))).isEqualTo("expired_token");
        try (TestBrowser browser = new TestBrowser(registry)) {
            browser.post("/sign-in", "account", "anna", "password", PASSWORD);
            assertThat(browser.get("/device?user_code=" + begun.path("user_code").asText()).body())
                    .contains("No device waits with this code");
        }
    }

    @Test
    void aDeviceThatIsRefusedIsTold() throws IOException {
        JsonNode begun = begin();
        decide(begun, "deny");
        assertThat(error(poll(begun))).isEqualTo("access_denied");
    }

    @Test
    void theScopesThatWereAskedForLimitTheSession() throws IOException {
        JsonNode tokens = signedIn("release.publish:anna/*");
        assertThat(tokens.path("scope").asText()).isEqualTo("release.publish:anna/*");
        assertThat(account(tokens)).isEqualTo(403);
        assertThat(
                        registry.publishAs(
                                        tokens.path("access_token").asText(),
                                        "anna/tool@1.0.0",
                                        TestJars.library("anna/tool@1.0.0"))
                                .statusCode())
                .isEqualTo(201);
        assertThat(
                        json(
                                        form(
                                                "/oauth/device_authorization",
                                                "client_id",
                                                "modunest-cli",
                                                "scope",
                                                "fly"),
                                        400)
                                .path("error")
                                .asText())
                .isEqualTo("invalid_scope");
        assertThat(
                        json(form("/oauth/device_authorization", "client_id", "other"), 400)
                                .path("error")
                                .asText())
                .isEqualTo("invalid_client");
    }

    @Test
    void aRefreshTokenWorksOnceAndItsSecondUseEndsTheSession() throws IOException {
        JsonNode first = signedIn();
        JsonNode second = refresh(first, 200);
        JsonNode third = refresh(second, 200);
        assertThat(account(third)).isEqualTo(200);

        assertThat(refresh(first, 400).path("error").asText()).isEqualTo("invalid_grant");

        assertThat(account(third)).as("the session is over").isEqualTo(401);
        assertThat(refresh(third, 400).path("error").asText()).isEqualTo("invalid_grant");
        assertThat(registry.count("audit where action = 'session.stolen' and account = 'anna'"))
                .isEqualTo(1);
    }

    @Test
    void whatIsRevokedIsOver() throws IOException {
        JsonNode tokens = signedIn();
        assertThat(
                        form("/oauth/revoke", "token", tokens.path("refresh_token").asText())
                                .statusCode())
                .isEqualTo(200);
        assertThat(account(tokens)).isEqualTo(401);
        refresh(tokens, 400);
        assertThat(form("/oauth/revoke", "token", "mnr_nothing").statusCode()).isEqualTo(200);
    }

    @Test
    void theMetadataNamesWhatThereIs() throws IOException {
        JsonNode metadata = json(registry.get("/.well-known/oauth-authorization-server"), 200);
        assertThat(metadata.path("issuer").asText()).isEqualTo(registry.server().uri().toString());
        assertThat(metadata.path("grant_types_supported").toString())
                .contains(DEVICE, "refresh_token", "client_credentials");
        assertThat(metadata.path("device_authorization_endpoint").asText())
                .isEqualTo(registry.server().uri() + "/oauth/device_authorization");
    }

    private static HttpResponse<byte[]> exchange(JsonNode tokens, String... more) {
        String[] fields = new String[6 + more.length];
        fields[0] = "grant_type";
        fields[1] = "urn:ietf:params:oauth:grant-type:token-exchange";
        fields[2] = "subject_token_type";
        fields[3] = "urn:ietf:params:oauth:token-type:access_token";
        fields[4] = "subject_token";
        fields[5] = tokens.path("access_token").asText();
        System.arraycopy(more, 0, fields, 6, more.length);
        return form("/oauth/token", fields);
    }

    @Test
    void aUserIsKnownToPluginEndpointsByATokenThatTheRegistryDoesNotTake() throws IOException {
        JsonNode tokens = signedIn();
        String endpoint = "https://host.example/plugins/acme/notes";
        JsonNode shared =
                json(exchange(tokens, "audience", endpoint, "scope", "release.read:acme/*"), 200);
        DecodedJWT access = JWT.decode(shared.path("access_token").asText());
        assertThat(access.getAudience()).containsExactly(endpoint);
        assertThat(access.getSubject()).isEqualTo("account:anna");
        assertThat(access.getClaim("scope").asString()).isEqualTo("release.read:acme/*");
        assertThat(account(shared)).isEqualTo(401);
        assertThat(
                        registry.get(
                                        "/api/v1/plugins",
                                        "Authorization",
                                        "Bearer " + shared.path("access_token").asText())
                                .statusCode())
                .as("of a public route")
                .isEqualTo(401);

        PluginAuthService auth = registry.server().auth();
        String user = shared.path("access_token").asText();
        assertThat(auth.authenticateUser(user, endpoint).subject()).isEqualTo("account:anna");
        String developer = tokens.path("access_token").asText();
        assertThat(auth.authenticateDeveloper(developer).account().name()).isEqualTo("anna");
        for (ThrowingCallable refused :
                List.<ThrowingCallable>of(
                        () -> auth.authenticateUser(user, endpoint + "/other"),
                        () -> auth.authenticateUser(developer, endpoint),
                        () -> auth.authenticateDeveloper(user),
                        () -> auth.authenticateHost(developer))) {
            assertThatThrownBy(refused)
                    .isInstanceOfSatisfying(
                            Rejection.class,
                            rejection ->
                                    assertThat(rejection.code())
                                            .isEqualTo(ProblemCode.TOKEN_UNKNOWN));
        }

        assertThat(json(exchange(tokens), 400).path("error").asText()).isEqualTo("invalid_request");
        assertThat(
                        json(exchange(tokens, "audience", registry.server().uri() + "/api"), 400)
                                .path("error")
                                .asText())
                .isEqualTo("invalid_target");
        assertThat(json(exchange(tokens, "audience", "a b"), 400).path("error").asText())
                .isEqualTo("invalid_target");
        assertThat(
                        json(exchange(tokens, "audience", endpoint, "scope", "fly"), 400)
                                .path("error")
                                .asText())
                .isEqualTo("invalid_scope");
        assertThat(json(exchange(shared, "audience", endpoint), 400).path("error").asText())
                .as("of a token that is not for the registry")
                .isEqualTo("invalid_grant");
        JsonNode limited = signedIn("release.read:anna/*");
        assertThat(
                        json(exchange(limited, "audience", endpoint, "scope", "*:*"), 400)
                                .path("error")
                                .asText())
                .isEqualTo("invalid_scope");
    }
}
