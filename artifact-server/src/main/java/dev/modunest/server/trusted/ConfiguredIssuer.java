package dev.modunest.server.trusted;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.server.body.JsonBody;
import dev.modunest.server.oidc.Claims;

import java.net.URI;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** An issuer of the settings: claims are compared as they are. */
record ConfiguredIssuer(String name, TrustedConfig.IssuerConfig config) implements CiProvider {

    private static final int MOST_CLAIMS = 20;
    private static final int MOST_CHARACTERS = 2000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.:/-]{1,100}");

    /** They say nothing of who publishes. */
    private static final Set<String> OF_EVERY_TOKEN =
            Set.of("iss", "aud", "exp", "iat", "nbf", "jti", "nonce");

    @Override
    public URI issuer() {
        return config.issuer();
    }

    @Override
    public Optional<String> audience() {
        return config.audience();
    }

    @Override
    public Map<String, String> read(JsonNode claims) {
        if (claims.size() > MOST_CLAIMS || claims.toString().length() > MOST_CHARACTERS) {
            throw JsonBody.invalid(
                    "claims has at most "
                            + MOST_CLAIMS
                            + " claims, and "
                            + MOST_CHARACTERS
                            + " characters");
        }
        Map<String, String> read = new TreeMap<>();
        for (Iterator<String> names = claims.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!NAME.matcher(name).matches() || OF_EVERY_TOKEN.contains(name)) {
                throw JsonBody.invalid("claims cannot ask for " + name);
            }
            read.put(name, JsonBody.line(claims, name, ClaimReader.MAX_VALUE));
        }
        for (String required : config.requiredClaims()) {
            if (!read.containsKey(required)) {
                throw JsonBody.invalid("claims of " + name + " have to say " + required);
            }
        }
        return read;
    }

    @Override
    public Map<String, String> facts(Claims token) {
        return ClaimReader.texts(token, token.values().keySet());
    }

    @Override
    public CiOrigin origin(Claims token) {
        return CiOrigin.UNKNOWN;
    }
}
