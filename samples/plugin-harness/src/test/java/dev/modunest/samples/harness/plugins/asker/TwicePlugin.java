package dev.modunest.samples.harness.plugins.asker;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;

/** Offers two services of one type. */
public final class TwicePlugin implements Plugin {

    @Override
    public void start(PluginContext context) {
        context.provide(String.class, "one");
        context.provide(String.class, "two");
    }
}
