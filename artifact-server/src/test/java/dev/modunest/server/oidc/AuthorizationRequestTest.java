package dev.modunest.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.server.oidc.OidcException.Reason;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

class AuthorizationRequestTest {

    private static final ProviderConfig PROVIDER =
            TestConfigs.of(URI.create("https://sso.example"), "my client", "s", Map.of())
                    .providers()
                    .values()
                    .iterator()
                    .next();
    private static final URI CALLBACK = URI.create("https://registry.example/signin/main/callback");

    private final AuthorizationRequest request =
            AuthorizationRequest.create("main", CALLBACK, new SecureRandom());

    /** RFC 7636, appendix B. */
    @Test
    void theChallengeIsThatOfTheStandard() {
        assertThat(AuthorizationRequest.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))
                .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    @Test
    void theLocationHasAllThatTheProviderNeeds() {
        assertThat(request.location(PROVIDER, URI.create("https://sso.example/authorize")))
                .hasToString(
                        "https://sso.example/authorize?response_type=code&client_id=my+client"
                                + "&redirect_uri=https%3A%2F%2Fregistry.example%2Fsignin%2Fmain%2Fcallback"
                                + "&scope=openid+email+profile&state="
                                + request.state()
                                + "&nonce="
                                + request.nonce()
                                + "&code_challenge="
                                + AuthorizationRequest.challenge(request.codeVerifier())
                                + "&code_challenge_method=S256");
        assertThat(request.location(PROVIDER, URI.create("https://sso.example/a?tenant=1")))
                .hasQuery(
                        request.location(PROVIDER, URI.create("https://sso.example/a?tenant=1"))
                                .getQuery())
                .asString()
                .startsWith("https://sso.example/a?tenant=1&response_type=code&");
    }

    @Test
    void secretsAreLongDistinctAndHidden() {
        assertThat(request.state()).matches("[A-Za-z0-9_-]{43}");
        assertThat(request.nonce()).hasSize(43).isNotEqualTo(request.state());
        assertThat(request.codeVerifier()).hasSize(43).isNotEqualTo(request.nonce());
        assertThat(request.toString())
                .doesNotContain(request.state(), request.nonce(), request.codeVerifier());
    }

    @Property
    void readsAnyAnswerThatIsWritten(@ForAll String state, @ForAll String code) {
        AuthorizationResponse response =
                AuthorizationResponse.read(
                        AuthorizationRequest.form(
                                Map.of("state", wellFormed(state), "code", wellFormed(code))));

        assertThat(response.state()).isEqualTo(wellFormed(state));
        assertThat(response.code()).contains(wellFormed(code));
    }

    /** Without halves of surrogate pairs, which no form carries, and of a length that is taken. */
    private static String wellFormed(String text) {
        return text.codePoints()
                .filter(point -> point < 0xD800 || point > 0xDFFF)
                .limit(100)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void readsEveryPartOfAnAnswer() {
        assertThat(AuthorizationResponse.read("state=a&error=access_denied&iss=https%3A%2F%2Fi&x="))
                .isEqualTo(
                        new AuthorizationResponse(
                                "a",
                                Optional.empty(),
                                Optional.of("access_denied"),
                                Optional.of("https://i")))
                .hasToString("AuthorizationResponse[code=none, error=some]");
        assertThat(AuthorizationResponse.read("state=a&code=c"))
                .hasToString("AuthorizationResponse[code=****, error=none]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "code=c", "state=a&state=b", "state=a&code=c&code=c", "state=%zz", "=a"})
    void refusesWhatIsNoAnswer(String query) {
        assertThatThrownBy(() -> AuthorizationResponse.read(query))
                .isInstanceOfSatisfying(
                        OidcException.class,
                        refused ->
                                assertThat(refused.reason()).isEqualTo(Reason.RESPONSE_MALFORMED));
    }

    @Test
    void refusesAnAnswerOfAnySize() {
        assertThatThrownBy(() -> AuthorizationResponse.read("state=" + "a".repeat(9000)))
                .hasMessageContaining("8192");
        assertThatThrownBy(() -> AuthorizationResponse.read(null))
                .hasMessageContaining("has no state");
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonHasAStableCode(Reason reason) {
        assertThat(reason.code()).matches("[a-z]+(-[a-z]+)*");
        assertThat(reason.party()).isNotNull();
    }
}
