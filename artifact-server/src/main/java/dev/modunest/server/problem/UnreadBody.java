package dev.modunest.server.problem;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.HeaderValues;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;

/**
 * Takes in what a client still sends after it has been answered. Closing at once would reset the
 * connection and the client would lose the answer (RFC 9112 9.6).
 *
 * @param maxBytes most bytes taken
 * @param maxTime longest time spent
 */
public record UnreadBody(long maxBytes, Duration maxTime) {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadBody.class);
    private static final int BUFFER_BYTES = 16 * 1024;

    void drain(ServerRequest request) {
        if (request.headers().containsToken(HeaderValues.EXPECT_100) && !request.continueSent()) {
            return;
        }
        try {
            drain(request.content().inputStream());
        } catch (IOException
                | UncheckedIOException
                | DataReader.InsufficientDataAvailableException
                | RequestException
                | Rejection over) {
            LOG.debug("the client stopped sending after the answer: {}", over.toString());
        }
    }

    private void drain(InputStream body) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long begun = System.nanoTime();
        long taken = 0;
        while (taken < maxBytes && System.nanoTime() - begun < maxTime.toNanos()) {
            int read = body.read(buffer, 0, buffer.length);
            if (read < 0) {
                return;
            }
            taken += read;
        }
    }
}
