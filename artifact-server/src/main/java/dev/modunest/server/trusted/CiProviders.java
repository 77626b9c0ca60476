package dev.modunest.server.trusted;

import dev.modunest.server.body.JsonBody;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The CI providers of this registry, by name and by issuer. */
final class CiProviders {

    private final Map<String, CiProvider> byName = new LinkedHashMap<>();

    CiProviders(TrustedConfig config) {
        byName.put("github", new GitHub(config.githubIssuer()));
        byName.put("gitlab", new GitLab(config.gitlabIssuer()));
        config.issuers()
                .forEach((name, issuer) -> byName.put(name, new ConfiguredIssuer(name, issuer)));
    }

    /** Throws a Rejection when there is none of that name. */
    CiProvider named(String name) {
        CiProvider provider = byName.get(name);
        if (provider == null) {
            throw JsonBody.invalid("provider is one of " + String.join(", ", byName.keySet()));
        }
        return provider;
    }

    Optional<CiProvider> ofIssuer(String issuer) {
        return byName.values().stream()
                .filter(provider -> provider.issuer().toString().equals(issuer))
                .findFirst();
    }
}
