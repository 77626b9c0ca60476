package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.server.password.Totp;
import dev.modunest.server.password.TotpSecret;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Accounts that sign in here, with a password and a code. */
class LocalSignInIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PASSWORD = "seven green kettles";

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_PASSWORD_MEMORY", "8MiB",
                                "MODUNEST_PASSWORD_LOCK_OUT_FIRST", "10m"));
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static HttpResponse<byte[]> admin(String method, String path, String body) {
        return registry.send(
                registry.request(path)
                        .header("Authorization", "Bearer " + registry.token())
                        .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    private static void account(String name) {
        HttpResponse<byte[]> made =
                admin(
                        "POST",
                        "/api/v1/accounts",
                        "{\"account\":\"" + name + "\",\"password\":\"" + PASSWORD + "\"}");
        assertThat(made.statusCode())
                .as(new String(made.body(), StandardCharsets.UTF_8))
                .isEqualTo(201);
    }

    private static HttpResponse<String> signIn(
            TestBrowser browser, String account, String password, String... code) {
        return code.length == 0
                ? browser.post("/sign-in", "account", account, "password", password)
                : browser.post(
                        "/sign-in", "account", account, "password", password, "code", code[0]);
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    @Test
    void aPersonSignsInSeesTheSessionAndEndsIt() throws IOException {
        account("anna");
        try (TestBrowser browser = new TestBrowser(registry)) {
            HttpResponse<String> page = browser.get("/sign-in?return_to=/api/v1/account/sessions");
            assertThat(page.body())
                    .contains("name=\"return_to\" value=\"/api/v1/account/sessions\"");
            assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "frame-ancestors 'none'");

            HttpResponse<String> signedIn =
                    browser.post(
                            "/sign-in",
                            "account",
                            "anna",
                            "password",
                            PASSWORD,
                            "return_to",
                            "/api/v1/account/sessions");
            assertThat(signedIn.statusCode()).isEqualTo(303);
            assertThat(signedIn.headers().firstValue("Location"))
                    .hasValue("/api/v1/account/sessions");
            assertThat(signedIn.headers().firstValue("Set-Cookie").orElseThrow())
                    .contains("HttpOnly", "SameSite=Lax", "Path=/");

            JsonNode session =
                    json(browser.get("/api/v1/account/sessions")).path("sessions").path(0);
            assertThat(session.path("method").asText()).isEqualTo("password");
            assertThat(session.path("current").asBoolean()).isTrue();
            assertThat(json(browser.get("/api/v1/account")).path("account").asText())
                    .isEqualTo("anna");

            String cookie = browser.cookie("modunest-session");
            assertThat(browser.post("/sign-out").statusCode()).isEqualTo(303);
            assertThat(browser.get("/api/v1/account").statusCode()).isEqualTo(401);
            assertThat(
                            registry.get("/api/v1/account", "Cookie", "modunest-session=" + cookie)
                                    .statusCode())
                    .as("a cookie that was stolen before")
                    .isEqualTo(401);
        }
    }

    @Test
    void wrongUnknownAndDisabledAreToldTheSame() {
        account("ben");
        account("gone");
        assertThat(admin("PATCH", "/api/v1/accounts/gone", "{\"disabled\":true}").statusCode())
                .isEqualTo(200);
        try (TestBrowser browser = new TestBrowser(registry)) {
            HttpResponse<String> wrong = signIn(browser, "ben", "not the password");
            assertThat(wrong.statusCode()).isEqualTo(403);
            assertThat(wrong.body()).contains("is wrong, or it was tried too often");
            for (String account : new String[] {"nobody", "gone"}) {
                HttpResponse<String> other = signIn(browser, account, PASSWORD);
                assertThat(other.statusCode()).isEqualTo(403);
                assertThat(other.body()).as(account).isEqualTo(wrong.body());
            }
        }
        assertThat(registry.texts("select subject from audit where action = 'sign-in.refused'"))
                .contains("account ben", "no account");
    }

    @Test
    void theRightPasswordWaitsAfterTooManyWrongOnes() {
        account("carl");
        try (TestBrowser browser = new TestBrowser(registry)) {
            for (int i = 0; i < 5; i++) {
                assertThat(signIn(browser, "carl", "wrong " + i).statusCode()).isEqualTo(403);
            }
            assertThat(signIn(browser, "carl", PASSWORD).statusCode()).isEqualTo(403);

            registry.execute(
                    "update accounts set last_failed_at = last_failed_at - interval '11 minutes' where name = 'carl'");
            assertThat(signIn(browser, "carl", PASSWORD).statusCode()).isEqualTo(303);
            assertThat(registry.count("accounts where name = 'carl' and failed_sign_ins = 0"))
                    .isEqualTo(1);
        }
    }

    @Test
    void manyGuessesAtTheSameTimeAreNotMoreThanOneAfterTheOther() {
        account("cora");
        try (ExecutorService guesses = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 24; i++) {
                String guess = "wrong " + i;
                Future<?> _ =
                        guesses.submit(
                                () -> {
                                    try (TestBrowser browser = new TestBrowser(registry)) {
                                        return signIn(browser, "cora", guess).statusCode();
                                    }
                                });
            }
        }
        assertThat(registry.texts("select failed_sign_ins from accounts where name = 'cora'"))
                .containsExactly("5");
    }

    @Test
    void aCodeIsAskedForOnceItIsConfirmedAndWorksOnce() throws IOException {
        account("dora");
        Totp totp = new Totp();
        try (TestBrowser browser = new TestBrowser(registry)) {
            signIn(browser, "dora", PASSWORD);
            TotpSecret secret =
                    TotpSecret.parse(
                            json(browser.json("POST", "/api/v1/account/totp", "{}"))
                                    .path("secret")
                                    .asText());
            assertThat(
                            browser.json("PUT", "/api/v1/account/totp", "{\"code\":\"letter\"}")
                                    .statusCode())
                    .isEqualTo(403);
            String code = totp.code(secret, Instant.now());
            json(browser.json("PUT", "/api/v1/account/totp", "{\"code\":\"" + code + "\"}"));

            HttpResponse<String> without = signIn(browser, "dora", PASSWORD);
            assertThat(without.statusCode()).isEqualTo(403);
            assertThat(without.body()).contains("asks for a code too");
            assertThat(signIn(browser, "dora", PASSWORD, code).statusCode())
                    .as("a code that was used")
                    .isEqualTo(403);
            registry.execute("update accounts set totp_last_step = 0 where name = 'dora'");
            assertThat(
                            signIn(browser, "dora", PASSWORD, totp.code(secret, Instant.now()))
                                    .statusCode())
                    .isEqualTo(303);
            assertThat(
                            json(browser.get("/api/v1/account/sessions"))
                                    .path("sessions")
                                    .findValuesAsText("method"))
                    .contains("password+totp");
        }
    }

    @Test
    void aNewPasswordNeedsTheOldOneOrAFreshSignInAndEndsOtherSessions() throws IOException {
        account("emil");
        try (TestBrowser here = new TestBrowser(registry);
                TestBrowser there = new TestBrowser(registry)) {
            signIn(here, "emil", PASSWORD);
            signIn(there, "emil", PASSWORD);
            registry.execute(
                    "update sessions set authenticated_at = now() - interval '1 hour' where account_id = (select id from accounts where name = 'emil'); notify modunest_outbox, 'access'");
            String next = "eight green kettles";
            Awaiting.until(
                    () ->
                            here.json(
                                                    "PUT",
                                                    "/api/v1/account/password",
                                                    "{\"password\":\"" + next + "\"}")
                                            .statusCode()
                                    == 403);
            assertThat(
                            here.json(
                                            "PUT",
                                            "/api/v1/account/password",
                                            "{\"password\":\"emil emil emil\",\"current_password\":\""
                                                    + PASSWORD
                                                    + "\"}")
                                    .statusCode())
                    .as("a weak one")
                    .isEqualTo(422);
            json(
                    here.json(
                            "PUT",
                            "/api/v1/account/password",
                            "{\"password\":\""
                                    + next
                                    + "\",\"current_password\":\""
                                    + PASSWORD
                                    + "\"}"));

            assertThat(there.get("/api/v1/account").statusCode()).isEqualTo(401);
            assertThat(here.get("/api/v1/account").statusCode()).isEqualTo(200);
            assertThat(signIn(there, "emil", PASSWORD).statusCode()).isEqualTo(403);
            assertThat(signIn(there, "emil", next).statusCode()).isEqualTo(303);
        }
    }

    @Test
    void aFormOfAnotherSiteIsRefused() {
        account("fred");
        try (TestBrowser browser = new TestBrowser(registry)) {
            String[] form = {"account", "fred", "password", PASSWORD};
            assertThat(browser.post("/sign-in", "https://evil.example", form).statusCode())
                    .isEqualTo(403);
            assertThat(browser.cookie("modunest-session")).isEmpty();
            signIn(browser, "fred", PASSWORD);
            String session = browser.cookie("modunest-session");
            TestRegistry.assertProblem(
                    registry.send(
                            registry.request("/api/v1/account/tokens")
                                    .header("Cookie", "modunest-session=" + session)
                                    .header("Sec-Fetch-Site", "cross-site")
                                    .POST(HttpRequest.BodyPublishers.ofString("{}"))),
                    403,
                    "cross-site",
                    "instead of a cookie");
        }
    }

    @Test
    void aBrowserIsSentToPathsOfThisRegistryAlone() {
        account("gina");
        for (String elsewhere :
                new String[] {"//evil.example", "https://evil.example", "/\\evil.example", "x"}) {
            try (TestBrowser browser = new TestBrowser(registry)) {
                HttpResponse<String> response =
                        browser.post(
                                "/sign-in",
                                "account",
                                "gina",
                                "password",
                                PASSWORD,
                                "return_to",
                                elsewhere);
                assertThat(response.headers().firstValue("Location")).hasValue("/api/v1/account");
            }
        }
    }

    @Test
    void theLastAdministratorStaysOne() {
        TestRegistry.assertProblem(
                admin("PATCH", "/api/v1/accounts/admin", "{\"administrator\":false}"),
                409,
                "administrator-last",
                "make another one");
        TestRegistry.assertProblem(
                admin("PATCH", "/api/v1/accounts/admin", "{\"disabled\":true}"),
                409,
                "administrator-last",
                "make another one");
    }

    @Test
    void accountsAreMadeListedAndDisabledByAdministrators() throws IOException {
        account("hugo");
        String token = registry.newAccount("plain-one");
        JsonNode listed =
                JSON.readTree(admin("GET", "/api/v1/accounts", "").body()).path("accounts");
        assertThat(listed.findValuesAsText("account")).contains("admin", "hugo", "plain-one");
        TestRegistry.assertProblem(
                registry.get("/api/v1/accounts", "Authorization", "Bearer " + token),
                403,
                "administrator-required",
                "ask one");
        TestRegistry.assertProblem(
                admin(
                        "POST",
                        "/api/v1/accounts",
                        "{\"account\":\"hugo\",\"password\":\"" + PASSWORD + "\"}"),
                409,
                "account-exists",
                "another name");
        TestRegistry.assertProblem(
                admin("POST", "/api/v1/accounts", "{\"account\":\"iris\",\"password\":\"short\"}"),
                422,
                "password-weak",
                "fewer than 12");
        TestRegistry.assertProblem(
                admin("PATCH", "/api/v1/accounts/nobody", "{}"), 404, "account-unknown", "lists");

        assertThat(registry.get("/api/v1/account", "Authorization", "Bearer " + token).statusCode())
                .isEqualTo(200);
        assertThat(admin("PATCH", "/api/v1/accounts/plain-one", "{\"disabled\":true}").statusCode())
                .isEqualTo(200);
        assertThat(registry.get("/api/v1/account", "Authorization", "Bearer " + token).statusCode())
                .isEqualTo(401);
        assertThat(
                        admin("PATCH", "/api/v1/accounts/plain-one", "{\"disabled\":false}")
                                .statusCode())
                .isEqualTo(200);
        assertThat(registry.get("/api/v1/account", "Authorization", "Bearer " + token).statusCode())
                .isEqualTo(200);
    }
}
