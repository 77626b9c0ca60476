package dev.modunest.server.token;

import java.util.Map;
import java.util.Optional;

/**
 * A request to the token endpoint.
 *
 * @param form the parameters of the body, each sent once
 * @param address of the client, for the audit
 */
public record TokenRequest(Map<String, String> form, String address) {

    public TokenRequest {
        form = Map.copyOf(form);
    }

    public Optional<String> find(String parameter) {
        return Optional.ofNullable(form.get(parameter)).filter(value -> !value.isEmpty());
    }

    /** Throws {@link OAuthException} without it. */
    public String require(String parameter) {
        return find(parameter)
                .orElseThrow(
                        () -> OAuthException.invalidRequest(parameter + " is missing; send it"));
    }
}
