package dev.modunest.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modunest.server.oidc.OidcException.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;

class RelyingPartyIT {

    private static final URI CALLBACK = URI.create("http://127.0.0.1:1/callback");
    private static final String SECRET = "s3cret: +&=é";

    private final TestIssuer issuer = new TestIssuer();
    private final RelyingParty relyingParty =
            new RelyingParty(
                    TestConfigs.of(
                            issuer.uri(),
                            TestIssuer.CLIENT,
                            SECRET,
                            Map.of("PROVIDERS_MAIN_ORGANIZATION_CLAIM", "groups")),
                    new MovableClock(),
                    new SecureRandom());
    private final AuthorizationRequest request = relyingParty.begin("main", CALLBACK);

    @AfterEach
    void stop() {
        relyingParty.close();
        issuer.close();
    }

    private AuthorizationResponse response(String more) {
        return AuthorizationResponse.read("state=" + request.state() + more);
    }

    private void answerWithToken(String nonce, String... emailVerified) {
        String token =
                issuer.token()
                        .withClaim("nonce", nonce)
                        .withClaim("email", "ada@example.com")
                        .withClaim("email_verified", emailVerified.length == 0)
                        .withClaim("name", "Ada")
                        .withClaim("groups", List.of("acme", "tools"))
                        .sign(TestIssuer.rs256());
        issuer.answer("/token", 200, "{\"id_token\":\"" + token + "\"}");
    }

    private Reason refusal(AuthorizationResponse response) {
        OidcException refused =
                catchThrowableOfType(
                        OidcException.class, () -> relyingParty.finish(request, response));
        assertThat(refused).as("a refusal").isNotNull();
        assertThat(refused.detail()).doesNotContain("s3cret", "c0de", request.codeVerifier());
        return refused.reason();
    }

    @Test
    void aSignInGivesTheIdentity() {
        answerWithToken(request.nonce());
        assertThat(relyingParty.location(request)).hasPath("/authorize");

        Identity identity = relyingParty.finish(request, response("&code=c0de"));

        assertThat(identity.provider()).isEqualTo("main");
        assertThat(identity.issuer()).isEqualTo(issuer.uri());
        assertThat(identity.subject()).isEqualTo("s-1");
        assertThat(identity.email()).contains("ada@example.com");
        assertThat(identity.name()).contains("Ada");
        assertThat(identity.organizations()).containsExactly("acme", "tools");
        assertThat(relyingParty.providers()).containsOnlyKeys("main");
    }

    @Test
    void anEmailThatIsNotVerifiedIsNone() {
        answerWithToken(request.nonce(), "not");

        assertThat(relyingParty.finish(request, response("&code=c0de")).email()).isEmpty();
    }

    @Test
    void theClientIsNamedInTheHeaderByDefault() {
        answerWithToken(request.nonce());
        relyingParty.finish(request, response("&code=c0de"));

        TestIssuer.Request sent = issuer.requests("/token").getFirst();
        assertThat(sent.authorization())
                .isEqualTo(
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                "modunest:s3cret%3A+%2B%26%3D%C3%A9"
                                                        .getBytes(StandardCharsets.US_ASCII)));
        assertThat(sent.body())
                .isEqualTo(
                        "grant_type=authorization_code&code=c0de&redirect_uri="
                                + "http%3A%2F%2F127.0.0.1%3A1%2Fcallback&code_verifier="
                                + request.codeVerifier());
    }

    @Test
    void theClientIsNamedInTheBodyWhereTheProviderWantsThat() {
        issuer.metadata()
                .put("token_endpoint_auth_methods_supported", List.of("client_secret_post"));
        answerWithToken(request.nonce());
        relyingParty.finish(request, response("&code=c0de"));

        TestIssuer.Request sent = issuer.requests("/token").getFirst();
        assertThat(sent.authorization()).isEmpty();
        assertThat(sent.body())
                .endsWith("&client_id=modunest&client_secret=s3cret%3A+%2B%26%3D%C3%A9");
    }

    @Test
    void aProviderThatTakesNoSecretIsUnsuitable() {
        issuer.metadata().put("token_endpoint_auth_methods_supported", List.of("none"));

        assertThat(refusal(response("&code=c0de"))).isEqualTo(Reason.PROVIDER_UNSUITABLE);
    }

    @Test
    void aProviderWithoutEndpointsIsUnsuitable() {
        issuer.metadata().remove("token_endpoint");
        issuer.metadata().remove("authorization_endpoint");

        assertThat(refusal(response("&code=c0de"))).isEqualTo(Reason.PROVIDER_UNSUITABLE);
        assertThat(
                        catchThrowableOfType(
                                        OidcException.class, () -> relyingParty.location(request))
                                .reason())
                .isEqualTo(Reason.PROVIDER_UNSUITABLE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {'error':'invalid_grant','error_description':'c0de'} | CODE_REFUSED",
                "401 | {'error':'invalid_client'} | CLIENT_REFUSED",
                "400 | {'error':'unauthorized_client'} | CLIENT_REFUSED",
                "400 | {'error':'<script>c0de'} | PROVIDER_ANSWER_INVALID",
                "400 | {'error':'temporarily_unavailable'} | PROVIDER_ANSWER_INVALID",
                "200 | {'access_token':'x'} | PROVIDER_ANSWER_INVALID",
                "200 | c0de | PROVIDER_ANSWER_INVALID",
                "502 | oops | PROVIDER_UNREACHABLE"
            })
    void tellsWhyNoTokenCame(int status, String body, Reason reason) {
        issuer.answer("/token", status, body.replace('\'', '"'));

        assertThat(refusal(response("&code=c0de"))).isEqualTo(reason);
    }

    @Test
    void refusesTheAnswerToAnotherRequest() {
        assertThat(refusal(AuthorizationResponse.read("state=other&code=c0de")))
                .isEqualTo(Reason.STATE_DIFFERS);
        assertThat(issuer.requests("/token")).isEmpty();
    }

    @Test
    void refusesTheTokenOfAnotherRequest() {
        answerWithToken("other");

        assertThat(refusal(response("&code=c0de"))).isEqualTo(Reason.TOKEN_NONCE_DIFFERS);
    }

    @Test
    void refusesTheAnswerOfAnotherIssuer() {
        assertThat(refusal(response("&code=c0de&iss=https%3A%2F%2Fevil.example")))
                .isEqualTo(Reason.RESPONSE_ISSUER_DIFFERS);
        assertThat(issuer.requests("/token")).isEmpty();
    }

    @Test
    void anAnswerNamesItsIssuerWhereTheProviderSaysSo() {
        issuer.metadata().put("authorization_response_iss_parameter_supported", true);
        answerWithToken(request.nonce());

        assertThat(refusal(response("&code=c0de"))).isEqualTo(Reason.RESPONSE_ISSUER_DIFFERS);
        relyingParty.finish(request, response("&code=c0de&iss=" + issuer.uri()));
    }

    @Test
    void refusesAnAnswerWithoutACode() {
        assertThat(refusal(response(""))).isEqualTo(Reason.RESPONSE_MALFORMED);
        assertThat(refusal(response("&code="))).isEqualTo(Reason.RESPONSE_MALFORMED);
        assertThat(refusal(response("&error=access_denied&code=c0de")))
                .isEqualTo(Reason.SIGN_IN_REFUSED);
        assertThat(refusal(response("&error=%3Cscript%3E"))).isEqualTo(Reason.SIGN_IN_REFUSED);
    }

    @Test
    void refusesAnUnknownProvider() {
        assertThat(
                        catchThrowableOfType(
                                OidcException.class, () -> relyingParty.begin("none", CALLBACK)))
                .hasMessage("there is no identity provider of that name; there are main")
                .extracting(OidcException::reason)
                .isEqualTo(Reason.PROVIDER_UNKNOWN);
    }

    @Test
    void organizationsNeedASetting() {
        answerWithToken(request.nonce());
        try (RelyingParty plain =
                new RelyingParty(
                        TestConfigs.of(issuer.uri(), TestIssuer.CLIENT, SECRET, Map.of()),
                        new MovableClock(),
                        new SecureRandom())) {
            assertThat(plain.finish(request, response("&code=c0de")).organizations()).isEmpty();
        }
    }
}
