package dev.modunest.edge;

import dev.modunest.edge.admin.Reloaded;
import dev.modunest.edge.cache.MemorySettings;
import dev.modunest.edge.discovery.Discovery;
import dev.modunest.edge.limit.ClientLimits;
import dev.modunest.edge.listen.EdgeListener;
import dev.modunest.edge.listen.FrontTransport;
import dev.modunest.edge.listen.ListenSettings;
import dev.modunest.edge.listen.RequestWatch;
import dev.modunest.edge.log.AccessLog;
import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.CdnLoop;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginAuthorities;
import dev.modunest.edge.serve.Exchange;
import dev.modunest.edge.serve.MetricsEndpoint;
import dev.modunest.edge.serve.ProxyEndpoint;
import dev.modunest.edge.serve.StandbyEndpoint;
import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Secret;
import dev.modunest.settings.SettingsException;
import dev.modunest.telemetry.Tracing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A running edge: the composition root. */
public final class EdgeServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeServer.class);
    private static final long STOP_SECONDS = 30;

    /** How often an edge that follows another on its port looks whether that has ended. */
    private static final long LOCK_MILLIS = 50;

    private final EdgeConfig config;
    private final SettingsInForce settings;
    private final Supplier<EdgeConfig> again;
    private final InstantSource clock;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final EdgeMetrics metrics = new EdgeMetrics();
    private final ExecutorService blocking = virtualThreads();
    private final Vertx vertx;
    private final Origin origin;
    private final ClientLimits limits;
    private final AccessLog accessLog;
    private final EdgeListener listener;
    private final EdgeListener.Ports ports;
    private final Optional<Integer> adminPort;
    private volatile Optional<OpenCache> cache = Optional.empty();
    private volatile Consumer<Exchange> routes;
    private final Object drainLock = new Object();
    private @Nullable Future<Void> draining;
    private boolean closed;

    private EdgeServer(EdgeConfig config, Supplier<EdgeConfig> again, InstantSource clock) {
        this.config = config;
        this.settings = new SettingsInForce(config);
        this.again = again;
        this.clock = clock;
        Instant begin = Instant.now();
        requireHeapFor(config.memory());
        int loops = loops(config.listen());
        FrontTransport transport = config.listen().transport().open();
        try {
            Optional<DirectoryLock> lock = lock();
            parts.push(() -> stop(blocking));
            Tracing tracing = closing(Tracing.open(config.tracing(), "cdn-edge"));
            this.vertx = vertx(transport, loops);
            parts.push(() -> await(vertx.close()));
            CdnLoop loop = EdgeName.of(config);
            this.origin = closing(new Origin(vertx, config.origin(), loop, metrics, tracing));
            closing(Discovery.start(vertx, config.discovery(), origin));
            this.limits = new ClientLimits(config.limits(), System::nanoTime);
            this.accessLog = closing(new AccessLog(config.accessLog(), metrics));
            ProxyEndpoint proxy = new ProxyEndpoint(origin);
            CachingRoutes caching =
                    new CachingRoutes(
                            vertx, config, origin, loop, proxy, metrics, blocking, clock, parts);
            this.routes =
                    new StandbyEndpoint(proxy, new MetricsEndpoint(metrics, blocking))::handle;
            if (lock.isPresent()) {
                open(caching, lock.get());
            } else {
                LOG.info("requests are passed through until {} is free", config.disk().directory());
                awaitLock(caching);
            }
            this.listener =
                    new EdgeListener(
                            config.listen(),
                            x -> routes.accept(x),
                            new RequestWatch(limits, accessLog, metrics, tracing),
                            metrics);
            metrics.watchCertificates(this::certificateEnds);
            this.ports =
                    listening(
                            listener.listen(vertx, transport, loops),
                            "listen",
                            config.listen().address(),
                            config.listen().port());
            Instant started = clock.instant();
            this.adminPort = config.admin().token().map(token -> administer(token, started));
            LOG.info(
                    "edge of {} on port {} ({}, {} event loops) after {} ms",
                    config.origin().uris(),
                    ports.plain(),
                    transport.name(),
                    loops,
                    Instant.now().toEpochMilli() - begin.toEpochMilli());
        } catch (RuntimeException failed) {
            closeAfter(failed);
            throw failed;
        }
    }

    /**
     * Starts an edge and returns when it accepts connections.
     *
     * @throws IllegalArgumentException when the memory tier does not fit into the heap
     * @throws UncheckedIOException when the disk tier or the port cannot be used
     */
    public static EdgeServer start(EdgeConfig config) {
        return start(config, () -> config, InstantSource.system());
    }

    /**
     * As {@link #start(EdgeConfig)}.
     *
     * @param again reads the settings anew when the administration is asked to
     */
    static EdgeServer start(EdgeConfig config, Supplier<EdgeConfig> again, InstantSource clock) {
        return new EdgeServer(config, again, clock);
    }

    /** The port without TLS; -1 when there is none. */
    public int port() {
        return ports.plain();
    }

    /** The port for TLS; -1 when there is none. */
    public int tlsPort() {
        return ports.tls();
    }

    /** Where the edge is reached from this machine. */
    public URI uri() {
        return uri(config.listen().address(), ports.plain());
    }

    /** Where its administration is; empty when it is off. */
    public Optional<URI> adminUri() {
        return adminPort.map(open -> uri(config.admin().address(), open));
    }

    private static URI uri(String host, int port) {
        boolean anywhere = host.equals("0.0.0.0") || host.equals("::");
        return URI.create("http://" + (anywhere ? "127.0.0.1" : host) + ":" + port);
    }

    /**
     * Applies what of {@code changed} can change while connections are open.
     *
     * @return what differs from the configuration of the start
     */
    public SettingsChange reload(EdgeConfig changed) {
        return settings.change(
                changed,
                () -> {
                    listener.change(changed.listen());
                    limits.change(changed.limits());
                    accessLog.change(changed.accessLog());
                });
    }

    private Reloaded reloadAgain() {
        try {
            SettingsChange change = reload(again.get());
            return new Reloaded.Applied(change.applicable(), change.refused());
        } catch (SettingsException | IllegalArgumentException refused) {
            return new Reloaded.Refused(String.valueOf(refused.getMessage()));
        }
    }

    /** Takes no more connections, and returns when those that are open have ended. */
    public void drain() {
        await(drainOnce());
    }

    private Future<Void> drainOnce() {
        synchronized (drainLock) {
            Future<Void> begun = draining;
            if (begun == null) {
                begun = listener.drain(vertx);
                draining = begun;
            }
            return begun;
        }
    }

    private Map<String, Instant> certificateEnds() {
        Map<String, Instant> ends = new HashMap<>();
        listener.certificateEnd().ifPresent(end -> ends.put("tls", end));
        config.origin()
                .caFile()
                .flatMap(OriginAuthorities::firstEnd)
                .ifPresent(end -> ends.put("origin-trust", end));
        return ends;
    }

    private String state() {
        synchronized (drainLock) {
            if (draining != null) {
                return draining.isComplete() ? "drained" : "draining";
            }
        }
        return cache.isPresent() ? "serving" : "standby";
    }

    @Override
    public void close() {
        RuntimeException failures = new IllegalStateException("parts of the edge did not close");
        closeAfter(failures);
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }

    private synchronized void closeAfter(RuntimeException cause) {
        closed = true;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception failed) {
                cause.addSuppressed(failed);
            }
        }
    }

    private <T extends AutoCloseable> T closing(T part) {
        parts.push(part);
        return part;
    }

    /** The lock of the disk tier; empty when this edge is to wait for it. */
    private Optional<DirectoryLock> lock() {
        Path directory = config.disk().directory();
        try {
            Optional<DirectoryLock> lock = DirectoryLock.tryTake(directory);
            if (lock.isEmpty() && !config.listen().reusePort()) {
                throw new IllegalArgumentException(
                        "disk.directory "
                                + directory
                                + " is owned by another edge: stop it, choose another directory, or"
                                + " set listen.reuse_port to follow it");
            }
            return lock;
        } catch (IOException unusable) {
            throw new UncheckedIOException(
                    "disk.directory " + directory + " cannot be used", unusable);
        }
    }

    /** Passes requests through until the edge before this one has ended. */
    private void awaitLock(CachingRoutes caching) {
        vertx.setTimer(
                LOCK_MILLIS,
                _ ->
                        vertx.executeBlocking(() -> takeOver(caching))
                                .onSuccess(
                                        done -> {
                                            if (!done) {
                                                awaitLock(caching);
                                            }
                                        })
                                .onFailure(
                                        unusable ->
                                                LOG.error(
                                                        "nothing is cached: the disk tier cannot be"
                                                                + " opened",
                                                        unusable)));
    }

    private synchronized boolean takeOver(CachingRoutes caching) {
        if (closed) {
            return true;
        }
        Optional<DirectoryLock> lock = lock();
        lock.ifPresent(
                owned -> {
                    open(caching, owned);
                    LOG.info("the cache is in use");
                });
        return lock.isPresent();
    }

    private void open(CachingRoutes caching, DirectoryLock lock) {
        OpenCache opened = caching.make(lock);
        cache = Optional.of(opened);
        routes = opened.routes()::handle;
    }

    /** Opens the administration; gives its port. */
    private int administer(Secret token, Instant started) {
        EdgeStatus status =
                new EdgeStatus(
                        config.mode(), this::state, settings, origin, metrics, started, clock);
        return listening(
                new Administration(
                                config,
                                vertx,
                                origin,
                                () -> cache,
                                status,
                                this::reloadAgain,
                                this::drainOnce,
                                blocking)
                        .listen(token),
                "admin",
                config.admin().address(),
                config.admin().port());
    }

    private static <T> T listening(Future<T> ports, String group, String address, int wanted) {
        try {
            return await(ports);
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof IllegalArgumentException setting) {
                throw setting;
            }
            throw new UncheckedIOException(
                    "cannot listen on %s:%d; choose another %s.port or %s.address"
                            .formatted(address, wanted, group, group),
                    new IOException(failed.getCause()));
        }
    }

    /** A tier that outgrows the heap would end in OutOfMemoryError under load, days later. */
    private static void requireHeapFor(MemorySettings memory) {
        long heap = Runtime.getRuntime().maxMemory();
        if (memory.size().bytes() > heap / 4 * 3) {
            throw new IllegalArgumentException(
                    "memory.size is "
                            + memory.size()
                            + " and the heap "
                            + ByteSize.describe(heap)
                            + ": set memory.size to at most three quarters of it, or give a larger -Xmx");
        }
    }

    private static Vertx vertx(FrontTransport transport, int loops) {
        return Vertx.builder()
                .withTransport(transport)
                .with(
                        new VertxOptions()
                                .setEventLoopPoolSize(loops)
                                .setFileSystemOptions(
                                        new FileSystemOptions()
                                                .setFileCachingEnabled(false)
                                                .setClassPathResolvingEnabled(false)))
                .build();
    }

    private static int loops(ListenSettings listen) {
        return listen.eventLoops() == 0
                ? Runtime.getRuntime().availableProcessors()
                : listen.eventLoops();
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static ExecutorService virtualThreads() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("edge-blocking-", 0).factory());
    }

    private static void stop(ExecutorService blocking) {
        blocking.shutdown();
        try {
            if (!blocking.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                blocking.shutdownNow();
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
            blocking.shutdownNow();
        }
    }
}
