package dev.modunest.server.trusted;

import dev.modunest.server.oidc.SecureUris;
import dev.modunest.settings.Default;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whose ID tokens are exchanged for tokens to publish.
 *
 * @param githubIssuer of GitHub Actions, or of an own GitHub Enterprise Server
 * @param gitlabIssuer of gitlab.com, or of an own GitLab
 * @param issuers further ones, by the name that trusted publishers have as {@code provider}
 */
public record TrustedConfig(
        @Default("https://token.actions.githubusercontent.com") URI githubIssuer,
        @Default("https://gitlab.com") URI gitlabIssuer,
        Map<String, IssuerConfig> issuers) {

    /**
     * A further issuer.
     *
     * @param issuer exactly as its discovery document has it
     * @param audience that its tokens have; none: {@code tokens.issuer}
     * @param requiredClaims which every trusted publisher of it has to name, so that none is open
     *     to all jobs of the issuer
     */
    public record IssuerConfig(URI issuer, Optional<String> audience, List<String> requiredClaims) {

        public IssuerConfig {
            SecureUris.requireIssuer(issuer);
            if (requiredClaims.isEmpty()) {
                throw new IllegalArgumentException(
                        "required_claims is a list of at least one claim, best of a number that stays");
            }
            requiredClaims = List.copyOf(requiredClaims);
        }
    }

    public TrustedConfig {
        SecureUris.requireIssuer(githubIssuer);
        SecureUris.requireIssuer(gitlabIssuer);
        if (issuers.containsKey("github") || issuers.containsKey("gitlab")) {
            throw new IllegalArgumentException("issuers has other names than github and gitlab");
        }
        List<URI> all = new ArrayList<>(List.of(githubIssuer, gitlabIssuer));
        issuers.values().forEach(config -> all.add(config.issuer()));
        Set<URI> distinct = new HashSet<>(all);
        if (distinct.size() != all.size()) {
            throw new IllegalArgumentException("every issuer is there once");
        }
        issuers = Collections.unmodifiableMap(new LinkedHashMap<>(issuers));
    }
}
