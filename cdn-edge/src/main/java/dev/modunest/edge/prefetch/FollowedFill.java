package dev.modunest.edge.prefetch;

import dev.modunest.edge.fill.Fill;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.util.Objects;
import java.util.Optional;

/** Waits on an event loop for the end of what others bring. */
final class FollowedFill {

    private FollowedFill() {}

    /** Completes at the end of a fill, of which it ends the caller's lease. */
    static Future<Optional<String>> end(Fill fill) {
        Promise<Optional<String>> promise = Promise.promise();
        follow(fill, loop(), promise);
        return promise.future();
    }

    /** The same future, completed on the event loop that this is called on. */
    static <T> Future<T> onThisLoop(Future<T> future) {
        Context loop = loop();
        Promise<T> promise = Promise.promise();
        future.onComplete(done -> loop.runOnContext(_ -> promise.handle(done)));
        return promise.future();
    }

    private static void follow(Fill fill, Context loop, Promise<Optional<String>> promise) {
        switch (fill.state()) {
            case WHOLE -> {
                fill.release();
                promise.complete(Optional.empty());
            }
            case BROKEN -> {
                fill.release();
                promise.complete(Optional.of("the fill was broken off"));
            }
            case FILLING ->
                    fill.onChange(
                            fill.available(),
                            () -> loop.runOnContext(_ -> follow(fill, loop, promise)));
        }
    }

    private static Context loop() {
        return Objects.requireNonNull(Vertx.currentContext(), "not on an event loop");
    }
}
