package dev.modunest.samples.harness.plugins.greeter;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;

/** Offers a {@link Greeter}, and does not stop. */
public final class GreeterPlugin implements Plugin {

    @Override
    public void start(PluginContext context) {
        context.provide(Greeter.class, name -> "hello " + name);
    }

    @Override
    public void stop() {
        throw new UnsupportedOperationException("the greeter greets on");
    }
}
