package dev.modunest.samples.harness;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;

/** Does not start. */
public final class FailingPlugin implements Plugin {

    @Override
    public void start(PluginContext context) {
        throw new IllegalStateException(context.coordinate() + " is tired");
    }
}
