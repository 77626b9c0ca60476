package dev.modunest.loader.fetch;

import java.time.Duration;

/** How time passes between two attempts; {@code Thread::sleep} outside tests. */
@FunctionalInterface
public interface Pause {
    void pause(Duration length) throws InterruptedException;
}
