package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.server.oidc.TestKeycloak;
import dev.modunest.server.oidc.TestKeycloak.Realm;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/** Sign-in at real OpenID providers: two realms of a Keycloak. */
class ProviderSignInIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestKeycloak keycloak;
    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        keycloak = TestKeycloak.start();
        registry = TestRegistry.start(settings());
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.putAll(keycloak.settings("MODUNEST_OIDC_PROVIDERS_ACME_", Realm.ACME));
        settings.putAll(keycloak.settings("MODUNEST_OIDC_PROVIDERS_OTHER_", Realm.OTHER));
        settings.put("MODUNEST_OIDC_PROVIDERS_ACME_DISPLAY_NAME", "Acme & Sons");
        return settings;
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static HttpResponse<String> signIn(
            TestBrowser browser, String provider, String user, String returnTo) {
        HttpResponse<String> off = browser.get("/sign-in/" + provider + "?return_to=" + returnTo);
        assertThat(off.statusCode()).as(off.body()).isEqualTo(303);
        URI back =
                keycloak.signIn(
                        URI.create(off.headers().firstValue("Location").orElseThrow()),
                        user,
                        TestKeycloak.password(user));
        return browser.get(back.getRawPath() + "?" + back.getRawQuery());
    }

    private static JsonNode account(TestBrowser browser) throws IOException {
        HttpResponse<String> response = browser.get("/api/v1/account");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    @Test
    void whoComesAgainIsTheSameAccountAndANamesakeOfAnotherProviderIsNot() throws IOException {
        String first;
        try (TestBrowser browser = new TestBrowser(registry)) {
            assertThat(browser.get("/sign-in").body()).contains("Sign in with Acme &amp; Sons");
            HttpResponse<String> back = signIn(browser, "acme", "alice", "/api/v1/publishes");
            assertThat(back.statusCode()).as(back.body()).isEqualTo(303);
            assertThat(back.headers().firstValue("Location")).hasValue("/api/v1/publishes");
            first = account(browser).path("account").asText();
            assertThat(first).startsWith("alice");
        }
        try (TestBrowser browser = new TestBrowser(registry)) {
            signIn(browser, "acme", "alice", "/device");
            assertThat(account(browser).path("account").asText()).isEqualTo(first);
        }
        try (TestBrowser browser = new TestBrowser(registry)) {
            signIn(browser, "other", "alice", "/device");
            assertThat(account(browser).path("account").asText())
                    .startsWith("alice")
                    .isNotEqualTo(first);
        }
    }

    @Test
    void anIdentityIsNeverJoinedToTheAccountThatIsSignedIn() throws IOException {
        try (TestBrowser browser = new TestBrowser(registry)) {
            signIn(browser, "acme", "bob", "/device");
            String bob = account(browser).path("account").asText();
            assertThat(registry.texts("select kind from sessions where revoked_at is null"))
                    .contains("browser");
            String before = browser.cookie("modunest-session");
            signIn(browser, "other", "alice", "/device");
            assertThat(account(browser).path("account").asText()).isNotEqualTo(bob);
            assertThat(
                            registry.get("/api/v1/account", "Cookie", "modunest-session=" + before)
                                    .statusCode())
                    .as("the session that was there before")
                    .isEqualTo(401);
            assertThat(
                            registry.count(
                                    "identities i join accounts a on a.id = i.account_id where a.name = '"
                                            + bob
                                            + "'"))
                    .isEqualTo(1);
        }
    }

    @Test
    void anAnswerIsTakenOnceAndInItsBrowserAlone() {
        try (TestBrowser mine = new TestBrowser(registry);
                TestBrowser other = new TestBrowser(registry)) {
            HttpResponse<String> off = mine.get("/sign-in/acme");
            URI back =
                    keycloak.signIn(
                            URI.create(off.headers().firstValue("Location").orElseThrow()),
                            "alice",
                            TestKeycloak.password("alice"));
            String callback = back.getRawPath() + "?" + back.getRawQuery();

            HttpResponse<String> stolen = other.get(callback);
            assertThat(stolen.statusCode()).isEqualTo(403);
            assertThat(stolen.body()).contains("begun in another browser");
            HttpResponse<String> late = mine.get(callback);
            assertThat(late.statusCode()).as("it was used up").isEqualTo(403);
            assertThat(mine.cookie("modunest-session")).isEmpty();
        }
    }

    @Test
    void unknownProvidersAndMadeUpAnswersAreRefusedInWords() {
        try (TestBrowser browser = new TestBrowser(registry)) {
            assertThat(browser.get("/sign-in/none").body()).contains("no identity provider");
            assertThat(browser.get("/sign-in/acme/callback").statusCode()).isEqualTo(403);
            assertThat(browser.get("/sign-in/acme/callback?state=made-up&code=x").statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void nobodyIsRegisteredWhereAdministratorsMakeAccounts() {
        Map<String, String> settings = settings();
        settings.put("MODUNEST_SIGN_IN_REGISTER", "false");
        try (TestRegistry closed = TestRegistry.start(settings);
                TestBrowser browser = new TestBrowser(closed)) {
            HttpResponse<String> refused = signIn(browser, "acme", "alice", "/device");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).contains("made by administrators");
            assertThat(closed.count("accounts where name like 'alice%'")).isZero();
        }
    }
}
