package dev.modunest.server.trusted;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.server.oidc.Claims;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Whose CI publishes: what is asked of a trusted publisher, and what an ID token says of it. */
sealed interface CiProvider permits GitHub, GitLab, ConfiguredIssuer {

    String name();

    URI issuer();

    /** That its tokens have; empty for the issuer of this registry. */
    Optional<String> audience();

    /**
     * What a token has to say, as {@code claims} of a request asks for it; throws a Rejection when
     * that is too little.
     */
    Map<String, String> read(JsonNode claims);

    /** What a verified token says, in the same words. */
    Map<String, String> facts(Claims token);

    /** Where the job of a verified token comes from, as far as it says so in known claims. */
    CiOrigin origin(Claims token);
}
