package dev.modunest.server.connection;

import dev.modunest.server.problem.UnreadBody;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;

import java.time.Duration;
import java.util.Set;

/**
 * HTTP/1.1 connections with three bounds that the web server lacks: no read or write stalls longer
 * than a timeout, no chunk is larger than a limit (the server would hold it in memory), and after
 * an answer to a request that was not read whole the rest is taken in before the connection closes,
 * so that the answer is not lost to a reset (RFC 9112 9.6).
 */
public final class GuardedConnections implements ServerConnectionSelector, AutoCloseable {

    private final ServerConnectionSelector http1;
    private final ConnectionConfig config;
    private final StallWatch watch;

    public GuardedConnections(ConnectionConfig config) {
        this.config = config;
        this.watch = new StallWatch();
        this.http1 =
                Http1ConnectionSelector.builder()
                        .config(
                                Http1Config.builder()
                                        .maxHeadersSize((int) config.maxHeaders().bytes())
                                        .maxPrologueLength((int) config.maxRequestLine().bytes())
                                        .sendKeepAliveHeader(false)
                                        .build())
                        .build();
    }

    @Override
    public int bytesToIdentifyConnection() {
        return http1.bytesToIdentifyConnection();
    }

    @Override
    public Support supports(BufferData data) {
        return http1.supports(data);
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return http1.supportedApplicationProtocols();
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        GuardedReader reader = new GuardedReader(context, watch, config);
        GuardedContext guarded =
                new GuardedContext(
                        context, reader, new GuardedWriter(context, watch, config.stallTimeout()));
        return new LingeringConnection(http1.connection(guarded), reader);
    }

    @Override
    public void close() {
        watch.close();
    }

    /** Closes only after the client had the chance to read the last answer. */
    private record LingeringConnection(ServerConnection http1, GuardedReader reader)
            implements ServerConnection {

        /** Returns normally after an answer to what cannot be parsed. */
        @Override
        public void handle(Limit limit) throws InterruptedException {
            try {
                http1.handle(limit);
                reader.linger();
            } catch (UnreadBody answered) {
                reader.linger();
                throw answered;
            }
        }

        @Override
        public Duration idleTime() {
            return http1.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            http1.close(interrupt);
        }
    }
}
