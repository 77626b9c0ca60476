package dev.modunest.edge.listen;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.serve.Exchange;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.net.ServerSSLOptions;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The ports for clients: one HTTP server per event loop on each, plain and for TLS. */
public final class EdgeListener {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeListener.class);

    /** Vert.x: the servers that listen on the same negative port share one free port. */
    private static final int FREE_PORT = -1;

    private static final int FREE_TLS_PORT = -2;

    private static final int NO_PORT = -1;

    /**
     * The ports that are listened on.
     *
     * @param plain -1: none
     * @param tls -1: none
     */
    public record Ports(int plain, int tls) {}

    private final Front front;
    private final ConnectionGate gate;
    private final Requests requests;
    private final EdgeMetrics metrics;
    private volatile @Nullable CertificateWatch certificates;

    /**
     * @param routes answers a request, on its event loop
     */
    public EdgeListener(
            ListenSettings settings,
            Consumer<Exchange> routes,
            RequestWatch watch,
            EdgeMetrics metrics) {
        this.front = new Front(settings, metrics);
        this.gate = new ConnectionGate(front);
        this.requests = new Requests(front, routes, watch, metrics);
        this.metrics = metrics;
        metrics.watchConnections(gate::open);
    }

    /** Listens on {@code loops} event loops. */
    public Future<Ports> listen(Vertx vertx, FrontTransport transport, int loops) {
        ListenSettings settings = front.settings();
        transport.gate(gate);
        return plain(vertx, loops, settings)
                .compose(plain -> tls(vertx, loops, settings).map(tls -> new Ports(plain, tls)))
                .onComplete(_ -> transport.gate(null));
    }

    /** Applies what of {@code changed} can change while connections are open. */
    public void change(ListenSettings changed) {
        front.settings(front.settings().changedTo(changed));
        CertificateWatch looking = certificates;
        if (looking != null) {
            looking.look();
        }
    }

    /** When the certificate in use ends; empty without TLS. */
    public Optional<Instant> certificateEnd() {
        return front.certificateEnd();
    }

    /** Whether the edge is about to stop, so that others should send no more requests. */
    public boolean isLeaving() {
        return front.isLeaving();
    }

    /** Takes no more connections; completes when those that are open have ended. */
    public Future<Void> drain(Vertx vertx) {
        return new Drain(vertx, front, gate).run();
    }

    private Future<Integer> plain(Vertx vertx, int loops, ListenSettings settings) {
        return settings.plain()
                ? deploy(
                        vertx,
                        loops,
                        settings.port() == 0 ? FREE_PORT : settings.port(),
                        () ->
                                vertx.httpServerBuilder()
                                        .with(ServerConfig.of(settings))
                                        .build()
                                        .requestHandler(requests::handle))
                : Future.succeededFuture(NO_PORT);
    }

    private Future<Integer> tls(Vertx vertx, int loops, ListenSettings settings) {
        TlsSettings tls = settings.tls();
        if (!tls.enabled()) {
            return Future.succeededFuture(NO_PORT);
        }
        ServerCertificate certificate = tls.read();
        SSLEngineOptions engine = tls.engine().options();
        front.certificate(certificate);
        List<HttpServer> secured = new CopyOnWriteArrayList<>();
        return deploy(
                        vertx,
                        loops,
                        tls.port() == 0 ? FREE_TLS_PORT : tls.port(),
                        () -> {
                            HttpServer server =
                                    vertx.httpServerBuilder()
                                            .with(ServerConfig.of(settings))
                                            .with(options(settings, certificate))
                                            .with(engine)
                                            .build()
                                            .requestHandler(requests::handleSecured);
                            secured.add(server);
                            return server;
                        })
                .onSuccess(
                        port -> {
                            LOG.info("TLS on port {} by {}", port, TlsEngine.describe(engine));
                            metrics.tlsEngine(TlsEngine.describe(engine));
                            CertificateWatch looking =
                                    new CertificateWatch(
                                            tls,
                                            certificate,
                                            to -> exchange(secured, settings, to));
                            looking.start(vertx);
                            certificates = looking;
                        });
    }

    private void exchange(
            List<HttpServer> secured, ListenSettings settings, ServerCertificate certificate) {
        front.certificate(certificate);
        for (HttpServer server : secured) {
            server.updateSSLOptions(options(settings, certificate), true)
                    .onFailure(unusable -> LOG.error("the certificate stays", unusable));
        }
    }

    private static ServerSSLOptions options(
            ListenSettings settings, ServerCertificate certificate) {
        return new ServerSSLOptions()
                .setKeyCertOptions(certificate.options())
                .setEnabledSecureTransportProtocols(settings.tls().minVersion().protocols())
                .setUseAlpn(true)
                .setSslHandshakeTimeout(settings.headerTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private Future<Integer> deploy(Vertx vertx, int loops, int port, Supplier<HttpServer> make) {
        List<HttpServer> made = new CopyOnWriteArrayList<>();
        return vertx.deployVerticle(
                        () ->
                                new VerticleBase() {
                                    @Override
                                    public Future<?> start() {
                                        HttpServer server =
                                                make.get().invalidRequestHandler(requests::refuse);
                                        made.add(server);
                                        return server.listen(port, front.settings().address());
                                    }
                                },
                        new DeploymentOptions().setInstances(loops))
                .map(_ -> made.getFirst().actualPort());
    }
}
