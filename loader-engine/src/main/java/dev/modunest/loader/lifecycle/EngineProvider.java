package dev.modunest.loader.lifecycle;

import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.PluginLoader;

/** Opens the engine of this jar; named in {@code META-INF/services}. */
public final class EngineProvider implements PluginLoader.Provider {

    @Override
    public PluginLoader open(LoaderOptions options) {
        return new Engine(options);
    }
}
