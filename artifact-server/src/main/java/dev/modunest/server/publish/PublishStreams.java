package dev.modunest.server.publish;

import dev.modunest.db.PublishRecord;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.admission.Party;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Publishes as server-sent events: {@code state} whenever something changed, a comment after a
 * silence, and the end after the last state. Another server may work on the publish, so it is
 * looked at every period. Thread-safe.
 */
final class PublishStreams implements AutoCloseable {

    static final String MEDIA_TYPE = "text/event-stream";

    private final PublishConfig config;
    private final Admission admission;
    private final CountDownLatch closing = new CountDownLatch(1);

    PublishStreams(PublishConfig config) {
        this.config = config;
        this.admission =
                new Admission(
                        "followed publishes",
                        new Admission.Bounds(
                                config.maxStreams(),
                                Admission.Bounds.share(
                                        config.maxStreams(), config.maxPercentPerPublisher()),
                                0,
                                0,
                                Duration.ZERO));
    }

    /**
     * Writes the stream to its end.
     *
     * @param party who follows
     */
    void follow(Party party, Supplier<PublishRecord> publish, ServerResponse response) {
        try (Admission.Permit permit = admission.reserve(party)) {
            permit.await();
            response.header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE);
            OutputStream out = response.outputStream();
            write(publish, out);
            out.close();
        } catch (IOException gone) {
            throw new ServerConnectionException("the client is gone", gone);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Supplier<PublishRecord> publish, OutputStream out)
            throws IOException, InterruptedException {
        String told = "";
        long silentSince = System.nanoTime();
        do {
            PublishRecord now = publish.get();
            String seen = now.state() + " " + now.position();
            boolean silent = System.nanoTime() - silentSince > config.heartbeat().toNanos();
            if (!seen.equals(told) || silent) {
                send(out, seen.equals(told) ? ":\n\n" : event(now));
                silentSince = System.nanoTime();
                told = seen;
            }
            if (now.state().isOver()) {
                return;
            }
        } while (!closing.await(config.streamPeriod().toMillis(), TimeUnit.MILLISECONDS));
    }

    private static String event(PublishRecord publish) {
        return "event: state\ndata: " + PublishDocument.of(publish) + "\n\n";
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    int open() {
        return admission.inUse();
    }

    /** Ends all streams; their clients come back elsewhere. */
    @Override
    public void close() {
        closing.countDown();
    }
}
