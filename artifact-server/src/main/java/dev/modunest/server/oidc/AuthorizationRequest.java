package dev.modunest.server.oidc;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A sign-in under way: what is kept, out of the browser's reach or sealed, between sending a person
 * to the provider and their return (OpenID Connect Core 1.0, section 3.1.2.1; PKCE, RFC 7636).
 *
 * @param provider its name in the settings
 * @param state ties the answer to the browser; by it the caller finds this request again
 * @param nonce ties the ID token to this request
 * @param codeVerifier ties the code to this request; secret
 * @param redirectUri where the provider sends the person back
 */
public record AuthorizationRequest(
        String provider, String state, String nonce, String codeVerifier, URI redirectUri) {

    private static final int RANDOM_BYTES = 32;

    static AuthorizationRequest create(String provider, URI redirectUri, SecureRandom random) {
        return new AuthorizationRequest(
                provider, text(random), text(random), text(random), redirectUri);
    }

    /** Where to send the person. */
    URI location(ProviderConfig provider, URI authorizationEndpoint) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", provider.clientId());
        parameters.put("redirect_uri", redirectUri.toString());
        parameters.put("scope", provider.scopes());
        parameters.put("state", state);
        parameters.put("nonce", nonce);
        parameters.put("code_challenge", challenge(codeVerifier));
        parameters.put("code_challenge_method", "S256");
        String separator = authorizationEndpoint.getRawQuery() == null ? "?" : "&";
        return URI.create(authorizationEndpoint + separator + form(parameters));
    }

    /** RFC 7636, section 4.2. */
    static String challenge(String verifier) {
        try {
            return base64(
                    MessageDigest.getInstance("SHA-256")
                            .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> encode(entry.getKey()) + "=" + encode(entry.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** 43 characters of 256 random bits, also what section 4.1 of RFC 7636 asks of a verifier. */
    private static String text(SecureRandom random) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        return base64(bytes);
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "AuthorizationRequest[provider=" + provider + ", redirectUri=" + redirectUri + "]";
    }
}
