package dev.modunest.samples.harness;

import dev.modunest.loader.Plugin;
import dev.modunest.loader.PluginContext;

import java.util.function.UnaryOperator;

/** Repeats what it is told, after its name. */
public final class EchoPlugin implements Plugin {

    @Override
    public void start(PluginContext context) {
        UnaryOperator<String> operator = text -> context.coordinate() + ": " + text;
        context.provide(UnaryOperator.class, operator);
    }
}
