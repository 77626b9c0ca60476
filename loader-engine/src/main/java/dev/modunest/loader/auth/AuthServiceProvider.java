package dev.modunest.loader.auth;

import dev.modunest.loader.AuthOptions;
import dev.modunest.loader.PluginAuthService;

/** Opens the service of this jar; named in {@code META-INF/services}. */
public final class AuthServiceProvider implements PluginAuthService.Provider {

    @Override
    public PluginAuthService open(AuthOptions options) {
        return new AuthService(options);
    }
}
