package dev.modunest.server.connection;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.common.buffers.DataReader;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The body of a request, counted; what goes wrong with it is a {@link Rejection}. To close it does
 * nothing: the web server's own stream would wait for the end of the body. Not thread-safe.
 */
public final class BodyStream extends InputStream {

    /** The reader of the connection is out of reach from here, and on the same thread. */
    private static final ScopedValue<Arrival> ARRIVAL = ScopedValue.newInstance();

    private final InputStream body;
    private long count;

    public BodyStream(ServerRequest request) {
        this.body = request.content().inputStream();
    }

    static Arrival arrival() {
        return ARRIVAL.orElse(Arrival.ANY);
    }

    /** As {@link #read(byte[], int, int)}; {@code arrival} hears of what comes meanwhile. */
    public int read(byte[] bytes, int offset, int length, Arrival arrival) {
        return ScopedValue.where(ARRIVAL, arrival).call(() -> read(bytes, offset, length));
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        try {
            int read = body.read(bytes, offset, length);
            count += Math.max(0, read);
            return read;
        } catch (IOException
                | UncheckedIOException
                | CloseConnectionException
                | DataReader.InsufficientDataAvailableException ended) {
            throw new Rejection(
                    ProblemCode.UPLOAD_TRUNCATED,
                    "The connection ended after "
                            + count
                            + " bytes, before the end of the body; send the whole body again");
        } catch (RequestException
                | IllegalArgumentException
                | DataReader.IncorrectNewLineException malformed) {
            throw new Rejection(
                    ProblemCode.BAD_REQUEST,
                    "The chunks of the body cannot be read: "
                            + malformed.getMessage()
                            + "; correct them or send a Content-Length");
        }
    }

    /** Bytes read so far. */
    public long count() {
        return count;
    }
}
