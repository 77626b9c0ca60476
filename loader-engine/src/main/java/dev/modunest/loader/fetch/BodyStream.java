package dev.modunest.loader.fetch;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/**
 * A response body that is pulled piece by piece, each wait bounded: the request timeout of {@link
 * java.net.http.HttpClient} ends with the headers. At most one piece is held.
 */
final class BodyStream implements HttpResponse.BodySubscriber<BodyStream>, AutoCloseable {

    /** What the connection reported. */
    private sealed interface Signal {
        record Piece(List<ByteBuffer> buffers) implements Signal {}

        record End() implements Signal {}

        record Broken(Throwable reason) implements Signal {}
    }

    /** One requested piece and the end that may follow it unasked. */
    private final BlockingQueue<Signal> signals = new ArrayBlockingQueue<>(2);

    private volatile Flow.@Nullable Subscription subscription;

    @Override
    public CompletionStage<BodyStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Signal.Piece(buffers));
    }

    @Override
    public void onError(Throwable reason) {
        signals.add(new Signal.Broken(reason));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.End());
    }

    /**
     * The next piece; empty at the end.
     *
     * @throws HttpTimeoutException when none comes within {@code patience}
     */
    Optional<List<ByteBuffer>> next(Duration patience) throws IOException, InterruptedException {
        Signal signal = signals.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (signal == null) {
            throw new HttpTimeoutException("no byte for " + patience.toMillis() + " ms");
        }
        return switch (signal) {
            case Signal.Piece piece -> {
                request();
                yield Optional.of(piece.buffers());
            }
            case Signal.End _ -> Optional.empty();
            case Signal.Broken broken -> throw new IOException("connection broke", broken.reason());
        };
    }

    private void request() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.request(1);
        }
    }

    /** Gives the connection up when the body has not ended. */
    @Override
    public void close() {
        Flow.Subscription current = subscription;
        if (current != null) {
            current.cancel();
        }
    }
}
