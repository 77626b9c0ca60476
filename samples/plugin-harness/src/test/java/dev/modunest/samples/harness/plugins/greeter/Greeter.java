package dev.modunest.samples.harness.plugins.greeter;

/** What the greeter offers. */
public interface Greeter {

    String greet(String name);
}
