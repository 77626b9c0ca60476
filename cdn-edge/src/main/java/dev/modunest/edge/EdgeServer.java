package dev.modunest.edge;

import dev.modunest.edge.cache.DiskTier;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.MemorySettings;
import dev.modunest.edge.cache.MemoryTier;
import dev.modunest.edge.cache.Purges;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.counts.CountReporter;
import dev.modunest.edge.counts.DownloadCounter;
import dev.modunest.edge.fill.Documents;
import dev.modunest.edge.fill.Fills;
import dev.modunest.edge.fill.Names;
import dev.modunest.edge.limit.ClientLimits;
import dev.modunest.edge.listen.EdgeListener;
import dev.modunest.edge.listen.FrontTransport;
import dev.modunest.edge.listen.ListenSettings;
import dev.modunest.edge.listen.RequestWatch;
import dev.modunest.edge.log.AccessLog;
import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.purge.AppliedSerial;
import dev.modunest.edge.purge.AppliedSerialFile;
import dev.modunest.edge.purge.EventFollower;
import dev.modunest.edge.purge.Purger;
import dev.modunest.edge.purge.Recheck;
import dev.modunest.edge.serve.ArtifactEndpoint;
import dev.modunest.edge.serve.DocumentEndpoint;
import dev.modunest.edge.serve.Exchange;
import dev.modunest.edge.serve.HealthEndpoint;
import dev.modunest.edge.serve.MetricsEndpoint;
import dev.modunest.edge.serve.ProxyEndpoint;
import dev.modunest.edge.serve.StandbyEndpoint;
import dev.modunest.settings.ByteSize;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

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
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A running edge: the composition root. */
public final class EdgeServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeServer.class);
    private static final long STOP_SECONDS = 30;

    /** How often an edge that follows another on its port looks whether that has ended. */
    private static final long LOCK_MILLIS = 50;

    private final EdgeConfig config;
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
    private volatile Consumer<Exchange> routes;
    private boolean closed;

    private EdgeServer(EdgeConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        Instant begin = Instant.now();
        requireHeapFor(config.memory());
        int loops = loops(config.listen());
        FrontTransport transport = config.listen().transport().open();
        try {
            Optional<DirectoryLock> lock = lock();
            parts.push(() -> stop(blocking));
            this.vertx = vertx(transport, loops);
            parts.push(() -> await(vertx.close()));
            this.origin = new Origin(vertx, config.origin(), metrics);
            this.limits = new ClientLimits(config.limits(), System::nanoTime);
            this.accessLog = closing(new AccessLog(config.accessLog(), metrics));
            ProxyEndpoint proxy = new ProxyEndpoint(origin);
            this.routes =
                    new StandbyEndpoint(proxy, new MetricsEndpoint(metrics, blocking))::handle;
            if (lock.isPresent()) {
                routes = routes(lock.get(), proxy)::handle;
            } else {
                LOG.info("requests are passed through until {} is free", config.disk().directory());
                awaitLock(proxy);
            }
            this.listener =
                    new EdgeListener(
                            config.listen(),
                            x -> routes.accept(x),
                            new RequestWatch(limits, accessLog, metrics),
                            metrics);
            this.ports = listen(listener, vertx, transport, loops);
            LOG.info(
                    "edge of {} on port {} ({}, {} event loops) after {} ms",
                    config.origin().uri(),
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
        return start(config, InstantSource.system());
    }

    static EdgeServer start(EdgeConfig config, InstantSource clock) {
        return new EdgeServer(config, clock);
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
        String host = config.listen().address();
        boolean anywhere = host.equals("0.0.0.0") || host.equals("::");
        return URI.create("http://" + (anywhere ? "127.0.0.1" : host) + ":" + ports.plain());
    }

    /**
     * Applies what of {@code changed} can change while connections are open.
     *
     * @return what differs from the configuration of the start
     */
    public SettingsChange reload(EdgeConfig changed) {
        SettingsChange change = SettingsChange.between(config, changed);
        listener.change(changed.listen());
        limits.change(changed.limits());
        accessLog.change(changed.accessLog());
        return change;
    }

    /** Takes no more connections, and returns when those that are open have ended. */
    public void drain() {
        await(listener.drain(vertx));
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
    private void awaitLock(ProxyEndpoint proxy) {
        vertx.setTimer(
                LOCK_MILLIS,
                _ ->
                        vertx.executeBlocking(() -> takeOver(proxy))
                                .onSuccess(
                                        done -> {
                                            if (!done) {
                                                awaitLock(proxy);
                                            }
                                        })
                                .onFailure(
                                        unusable ->
                                                LOG.error(
                                                        "nothing is cached: the disk tier cannot be"
                                                                + " opened",
                                                        unusable)));
    }

    private synchronized boolean takeOver(ProxyEndpoint proxy) {
        if (closed) {
            return true;
        }
        Optional<DirectoryLock> lock = lock();
        lock.ifPresent(
                owned -> {
                    routes = routes(owned, proxy)::handle;
                    LOG.info("the cache is in use");
                });
        return lock.isPresent();
    }

    private EdgeRoutes routes(DirectoryLock lock, ProxyEndpoint proxy) {
        closing(lock);
        Refusals refusals = new Refusals(config.purge().maxRefusals());
        DiskTier disk = closing(openDisk(config, refusals, metrics));
        AppliedSerialFile appliedFile = new AppliedSerialFile(config.disk().directory());
        AppliedSerial applied = appliedFile.read();
        Purges purges = new Purges(config.purge().maxPlugins(), applied.serial());
        MemoryTier memory = new MemoryTier(config.memory(), metrics);
        EdgeCache cache = new EdgeCache(memory, disk, config.memory(), refusals, blocking, metrics);
        Names names = new Names(origin, config.fill());
        Documents documents =
                new Documents(origin, memory, purges, refusals, config.documents(), clock);
        Recheck recheck =
                closing(new Recheck(origin, cache, config.purge().reconnectMax(), metrics));
        EventFollower events =
                closing(
                        new EventFollower(
                                origin,
                                new Purger(
                                        purges,
                                        cache,
                                        memory,
                                        names,
                                        recheck,
                                        appliedFile,
                                        applied),
                                config.purge(),
                                config.downloads().token(),
                                metrics));
        DownloadCounter downloads = new DownloadCounter(config.downloads(), clock, metrics);
        CountReporter.start(
                        downloads,
                        config.disk().directory().resolve("downloads"),
                        origin,
                        config.downloads(),
                        metrics)
                .ifPresent(parts::push);
        Fills fills =
                new Fills(
                        origin,
                        disk,
                        cache,
                        config.fill(),
                        config.disk().maxObject().bytes(),
                        documents,
                        downloads,
                        blocking,
                        clock,
                        metrics);
        DocumentEndpoint documentEndpoint = new DocumentEndpoint(documents, proxy, clock);
        ArtifactEndpoint artifacts =
                new ArtifactEndpoint(
                        cache,
                        fills,
                        names,
                        config.fill(),
                        documentEndpoint,
                        proxy,
                        downloads,
                        blocking,
                        clock);
        return new EdgeRoutes(
                artifacts,
                documentEndpoint,
                proxy,
                new HealthEndpoint(origin, events, disk, cache, blocking),
                new MetricsEndpoint(metrics, blocking));
    }

    private EdgeListener.Ports listen(
            EdgeListener listener, Vertx vertx, FrontTransport transport, int loops) {
        try {
            return await(listener.listen(vertx, transport, loops));
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof IllegalArgumentException setting) {
                throw setting;
            }
            throw new UncheckedIOException(
                    "cannot listen on "
                            + config.listen().address()
                            + ":"
                            + config.listen().port()
                            + "; choose another listen.port or listen.address",
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

    private static DiskTier openDisk(EdgeConfig config, Refusals refusals, EdgeMetrics metrics) {
        try {
            return new DiskTier(config.disk(), refusals, metrics);
        } catch (IOException unusable) {
            throw new UncheckedIOException(
                    "disk.directory " + config.disk().directory() + " cannot be used", unusable);
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
