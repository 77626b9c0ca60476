package dev.modunest.loader.isolate;

import dev.modunest.format.Coordinate;

/** Two required plugins export the same package, so that its meaning would depend on luck. */
public final class WiringException extends Exception {

    private static final long serialVersionUID = 1L;

    WiringException(String packageName, Coordinate one, Coordinate other) {
        super(
                "both "
                        + one
                        + " and "
                        + other
                        + " export the package "
                        + packageName
                        + ": require only one of them");
    }
}
