package dev.modunest.server.oidc;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.server.oidc.OidcException.Reason;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The exchange of a code for an ID token (OpenID Connect Core 1.0, section 3.1.3; client
 * authentication: RFC 6749, section 2.3.1). The access token of the answer is not looked at.
 */
final class TokenRequest {

    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,64}");

    private TokenRequest() {}

    /** The text of an ID token that is not verified yet. */
    static String exchange(
            ProviderHttp http,
            ProviderConfig provider,
            ProviderMetadata metadata,
            AuthorizationRequest request,
            String code) {
        URI endpoint =
                metadata.tokenEndpoint()
                        .orElseThrow(() -> unsuitable(provider, "names no token_endpoint"));
        ProviderHttp.Answer answer =
                http.post(
                        request(
                                endpoint,
                                provider,
                                metadata.tokenAuthMethods(),
                                parameters(request, code)),
                        endpoint);
        if (answer.status() != 200) {
            throw refusal(provider, answer);
        }
        JsonNode token = answer.body().path("id_token");
        if (!token.isTextual()) {
            throw new OidcException(
                    Reason.PROVIDER_ANSWER_INVALID,
                    ProviderHttp.place(endpoint) + " answers without an id_token");
        }
        return token.asText();
    }

    private static Map<String, String> parameters(AuthorizationRequest request, String code) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("grant_type", "authorization_code");
        parameters.put("code", code);
        parameters.put("redirect_uri", request.redirectUri().toString());
        parameters.put("code_verifier", request.codeVerifier());
        return parameters;
    }

    private static HttpRequest.Builder request(
            URI endpoint,
            ProviderConfig provider,
            Set<String> methods,
            Map<String, String> parameters) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint)
                        .header("Content-Type", "application/x-www-form-urlencoded");
        if (methods.contains("client_secret_basic")) {
            request.header("Authorization", basic(provider));
        } else if (methods.contains("client_secret_post")) {
            parameters.put("client_id", provider.clientId());
            parameters.put("client_secret", provider.clientSecret().value());
        } else {
            throw unsuitable(
                    provider, "takes a client secret neither as client_secret_basic nor as _post");
        }
        return request.POST(BodyPublishers.ofString(AuthorizationRequest.form(parameters)));
    }

    /** Id and secret are encoded as a form first, unlike elsewhere with Basic. */
    private static String basic(ProviderConfig provider) {
        String pair =
                AuthorizationRequest.encode(provider.clientId())
                        + ":"
                        + AuthorizationRequest.encode(provider.clientSecret().value());
        return "Basic "
                + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
    }

    private static OidcException refusal(ProviderConfig provider, ProviderHttp.Answer answer) {
        String error = answer.body().path("error").asText("");
        return switch (error) {
            case "invalid_grant" ->
                    new OidcException(
                            Reason.CODE_REFUSED,
                            "the code of the sign-in was used or is too old; begin the sign-in again");
            case "invalid_client", "unauthorized_client" ->
                    new OidcException(
                            Reason.CLIENT_REFUSED,
                            provider.issuer()
                                    + " does not accept this registry's client_id and client_secret ("
                                    + error
                                    + "); the operator compares them with the provider's");
            default ->
                    new OidcException(
                            Reason.PROVIDER_ANSWER_INVALID,
                            provider.issuer()
                                    + " refuses to exchange the code: status "
                                    + answer.status()
                                    + readable(error));
        };
    }

    /** The error code of a provider, when it has the form of one. */
    static String readable(String error) {
        return ERROR.matcher(error).matches() ? ", " + error : "";
    }

    private static OidcException unsuitable(ProviderConfig provider, String what) {
        return new OidcException(Reason.PROVIDER_UNSUITABLE, provider.issuer() + " " + what);
    }
}
