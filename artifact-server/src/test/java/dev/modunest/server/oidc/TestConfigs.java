package dev.modunest.server.oidc;

import dev.modunest.settings.Settings;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Settings of one provider under the name {@code main}. */
final class TestConfigs {

    private TestConfigs() {}

    /** With more settings, as {@code OIDC_...} variables without their prefix. */
    static OidcConfig of(URI issuer, String clientId, String secret, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MODUNEST_PROVIDERS_MAIN_ISSUER", issuer.toString());
        environment.put("MODUNEST_PROVIDERS_MAIN_CLIENT_ID", clientId);
        environment.put("MODUNEST_PROVIDERS_MAIN_CLIENT_SECRET", secret);
        more.forEach((key, value) -> environment.put("MODUNEST_" + key, value));
        return Settings.read(OidcConfig.class, Optional.empty(), environment);
    }
}
