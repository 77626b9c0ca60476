package dev.modunest.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modunest.server.oidc.OidcException.Reason;
import dev.modunest.server.oidc.TestKeycloak.Realm;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Sign-in at a real provider. */
class KeycloakIT {

    private static final URI CALLBACK = URI.create("http://127.0.0.1:4711/signin/callback");

    private static TestKeycloak keycloak;
    private static RelyingParty relyingParty;

    @BeforeAll
    static void start() {
        keycloak = TestKeycloak.start();
        relyingParty =
                new RelyingParty(config(Map.of()), InstantSource.system(), new SecureRandom());
    }

    @AfterAll
    static void stop() {
        relyingParty.close();
    }

    private static OidcConfig config(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>();
        for (Realm realm : Realm.values()) {
            environment.putAll(keycloak.settings("MODUNEST_PROVIDERS_" + realm + "_", realm));
        }
        environment.put("MODUNEST_PROVIDERS_ACME_ORGANIZATION_CLAIM", "groups");
        environment.put("MODUNEST_KEY_REFRESH", "1ms");
        environment.putAll(more);
        return Settings.read(OidcConfig.class, Optional.empty(), environment);
    }

    private static AuthorizationResponse signIn(AuthorizationRequest request, String user) {
        URI back =
                keycloak.signIn(relyingParty.location(request), user, TestKeycloak.password(user));
        assertThat(back.toString()).startsWith(CALLBACK + "?");
        return AuthorizationResponse.read(back.getRawQuery());
    }

    private static Reason refusal(AuthorizationRequest request, AuthorizationResponse response) {
        return catchThrowableOfType(
                        OidcException.class, () -> relyingParty.finish(request, response))
                .reason();
    }

    @Test
    void aPersonSignsIn() {
        AuthorizationRequest request = relyingParty.begin("acme", CALLBACK);
        AuthorizationResponse response = signIn(request, "alice");
        Identity alice = relyingParty.finish(request, response);

        assertThat(response.issuer()).contains(keycloak.issuer(Realm.ACME).toString());
        assertThat(alice.issuer()).isEqualTo(keycloak.issuer(Realm.ACME));
        assertThat(alice.subject()).matches("[0-9a-f-]{36}");
        assertThat(alice.email()).contains("alice@example.com");
        assertThat(alice.name()).contains("Alice Liddell");
        assertThat(alice.organizations()).containsExactlyInAnyOrder("acme", "tools");
        assertThat(alice.claims().text("preferred_username")).contains("alice");
    }

    @Test
    void anEmailThatIsNotVerifiedIsNone() {
        AuthorizationRequest request = relyingParty.begin("acme", CALLBACK);

        Identity bob = relyingParty.finish(request, signIn(request, "bob"));
        assertThat(bob.email()).isEmpty();
        assertThat(bob.claims().text("email")).contains("bob@example.com");
        assertThat(bob.organizations()).isEmpty();
    }

    @Test
    void oneNameAtTwoProvidersIsTwoPeople() {
        AuthorizationRequest here = relyingParty.begin("acme", CALLBACK);
        AuthorizationRequest there = relyingParty.begin("other", CALLBACK);
        Identity alice = relyingParty.finish(here, signIn(here, "alice"));
        Identity other = relyingParty.finish(there, signIn(there, "alice"));

        assertThat(other.issuer()).isNotEqualTo(alice.issuer());
        assertThat(other.subject()).isNotEqualTo(alice.subject());
        assertThat(other.email()).contains("alice@other.example");
    }

    @Test
    void theAnswerOfAnotherProviderIsRefused() {
        AuthorizationRequest here = relyingParty.begin("acme", CALLBACK);
        AuthorizationRequest there =
                new AuthorizationRequest(
                        "other", here.state(), here.nonce(), here.codeVerifier(), CALLBACK);

        assertThat(refusal(there, signIn(here, "alice"))).isEqualTo(Reason.RESPONSE_ISSUER_DIFFERS);
    }

    @Test
    void aTokenWithAnotherNonceIsRefused() {
        AuthorizationRequest request = relyingParty.begin("acme", CALLBACK);
        AuthorizationRequest other =
                new AuthorizationRequest(
                        "acme", request.state(), "other", request.codeVerifier(), CALLBACK);

        assertThat(refusal(other, signIn(request, "alice"))).isEqualTo(Reason.TOKEN_NONCE_DIFFERS);
    }

    @Test
    void aCodeWithAnotherVerifierIsRefused() {
        AuthorizationRequest request = relyingParty.begin("acme", CALLBACK);
        AuthorizationRequest other =
                new AuthorizationRequest(
                        "acme",
                        request.state(),
                        request.nonce(),
                        relyingParty.begin("acme", CALLBACK).codeVerifier(),
                        CALLBACK);

        assertThat(refusal(other, signIn(request, "alice"))).isEqualTo(Reason.CODE_REFUSED);
    }

    @Test
    void aCodeWorksOnce() {
        AuthorizationRequest request = relyingParty.begin("acme", CALLBACK);
        AuthorizationResponse response = signIn(request, "alice");
        relyingParty.finish(request, response);

        assertThat(refusal(request, response)).isEqualTo(Reason.CODE_REFUSED);
    }

    @Test
    void aWrongSecretIsTheOperatorsToMend() {
        AuthorizationRequest request = relyingParty.begin("acme", CALLBACK);
        AuthorizationResponse response = signIn(request, "alice");
        try (RelyingParty wrong =
                new RelyingParty(
                        config(Map.of("MODUNEST_PROVIDERS_ACME_CLIENT_SECRET", "wrong")),
                        InstantSource.system(),
                        new SecureRandom())) {
            assertThat(
                            catchThrowableOfType(
                                            OidcException.class,
                                            () -> wrong.finish(request, response))
                                    .reason())
                    .isEqualTo(Reason.CLIENT_REFUSED);
        }
    }

    @Test
    void aNewKeyOfTheProviderCountsWithoutARestart() {
        AuthorizationRequest before = relyingParty.begin("acme", CALLBACK);
        Identity alice = relyingParty.finish(before, signIn(before, "alice"));
        try (RelyingParty patient =
                new RelyingParty(
                        config(Map.of("MODUNEST_KEY_REFRESH", "1h")),
                        InstantSource.system(),
                        new SecureRandom())) {
            AuthorizationRequest first = patient.begin("acme", CALLBACK);
            patient.finish(first, signIn(first, "alice"));
            keycloak.rotateKeys(Realm.ACME);

            AuthorizationRequest second = patient.begin("acme", CALLBACK);
            AuthorizationResponse response = signIn(second, "alice");
            assertThat(
                            catchThrowableOfType(
                                            OidcException.class,
                                            () -> patient.finish(second, response))
                                    .reason())
                    .isEqualTo(Reason.TOKEN_KEY_UNKNOWN);
        }

        AuthorizationRequest after = relyingParty.begin("acme", CALLBACK);
        assertThat(relyingParty.finish(after, signIn(after, "alice")).subject())
                .isEqualTo(alice.subject());
    }
}
