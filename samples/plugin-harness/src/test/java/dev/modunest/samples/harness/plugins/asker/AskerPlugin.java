package dev.modunest.samples.harness.plugins.asker;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;
import dev.modunest.samples.harness.plugins.greeter.Greeter;

import java.util.function.UnaryOperator;

/** Has the greeter greet. */
public final class AskerPlugin implements Plugin {

    @Override
    public void start(PluginContext context) {
        Greeter greeter = context.service(Greeter.class);
        UnaryOperator<String> operator =
                name -> greeter.greet(name) + " from " + context.coordinate();
        context.provide(UnaryOperator.class, operator);
    }
}
