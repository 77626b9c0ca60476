package dev.modunest.edge;

import dev.modunest.edge.cache.DiskTier;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.MemorySettings;
import dev.modunest.edge.cache.MemoryTier;
import dev.modunest.edge.fill.Documents;
import dev.modunest.edge.fill.Fills;
import dev.modunest.edge.fill.Names;
import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.serve.ArtifactEndpoint;
import dev.modunest.edge.serve.DocumentEndpoint;
import dev.modunest.edge.serve.HealthEndpoint;
import dev.modunest.edge.serve.ListenSettings;
import dev.modunest.edge.serve.MetricsEndpoint;
import dev.modunest.edge.serve.ProxyEndpoint;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A running edge: the composition root. */
public final class EdgeServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeServer.class);
    private static final long STOP_SECONDS = 30;

    private final String host;
    private final int port;
    private final Vertx vertx;
    private final ExecutorService blocking;
    private final DiskTier disk;

    private EdgeServer(
            String host, int port, Vertx vertx, ExecutorService blocking, DiskTier disk) {
        this.host = host;
        this.port = port;
        this.vertx = vertx;
        this.blocking = blocking;
        this.disk = disk;
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
        Instant begin = Instant.now();
        requireHeapFor(config.memory());
        EdgeMetrics metrics = new EdgeMetrics();
        DiskTier disk = openDisk(config, metrics);
        int loops = loops(config.listen());
        Vertx vertx = vertx(loops);
        ExecutorService blocking =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("edge-blocking-", 0).factory());
        try {
            EdgeRoutes routes = routes(config, clock, metrics, disk, vertx, blocking);
            EdgeListener listener = new EdgeListener(config.listen(), routes, metrics);
            int port = await(listener.listen(vertx, loops));
            LOG.info(
                    "edge of {} on port {} ({}, {} event loops) after {} ms",
                    config.origin().uri(),
                    port,
                    vertx.isNativeTransportEnabled() ? "native transport" : "NIO",
                    loops,
                    Instant.now().toEpochMilli() - begin.toEpochMilli());
            return new EdgeServer(config.listen().address(), port, vertx, blocking, disk);
        } catch (CompletionException failed) {
            stop(vertx, blocking, disk);
            throw new UncheckedIOException(
                    "cannot listen on "
                            + config.listen().address()
                            + ":"
                            + config.listen().port()
                            + "; choose another listen.port or listen.address",
                    new IOException(failed.getCause()));
        }
    }

    public int port() {
        return port;
    }

    /** Where the edge is reached from this machine. */
    public URI uri() {
        boolean anywhere = host.equals("0.0.0.0") || host.equals("::");
        return URI.create("http://" + (anywhere ? "127.0.0.1" : host) + ":" + port);
    }

    @Override
    public void close() {
        stop(vertx, blocking, disk);
    }

    private static EdgeRoutes routes(
            EdgeConfig config,
            InstantSource clock,
            EdgeMetrics metrics,
            DiskTier disk,
            Vertx vertx,
            ExecutorService blocking) {
        MemoryTier memory = new MemoryTier(config.memory(), metrics);
        EdgeCache cache = new EdgeCache(memory, disk, config.memory(), blocking, metrics);
        Origin origin = new Origin(vertx, config.origin(), metrics);
        Fills fills =
                new Fills(
                        origin,
                        disk,
                        cache,
                        config.fill(),
                        config.disk().maxObject().bytes(),
                        config.documents().negativeAge(),
                        blocking,
                        clock,
                        metrics);
        ProxyEndpoint proxy = new ProxyEndpoint(origin);
        DocumentEndpoint documents =
                new DocumentEndpoint(
                        new Documents(origin, memory, config.documents(), clock), proxy, clock);
        ArtifactEndpoint artifacts =
                new ArtifactEndpoint(
                        cache,
                        fills,
                        new Names(origin, config.fill()),
                        config.fill(),
                        documents,
                        proxy,
                        blocking,
                        clock);
        return new EdgeRoutes(
                artifacts,
                documents,
                proxy,
                new HealthEndpoint(origin, disk, cache, blocking),
                new MetricsEndpoint(metrics, blocking));
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

    private static DiskTier openDisk(EdgeConfig config, EdgeMetrics metrics) {
        try {
            return new DiskTier(config.disk(), metrics);
        } catch (IOException unusable) {
            throw new UncheckedIOException(
                    "disk.directory " + config.disk().directory() + " cannot be used", unusable);
        }
    }

    private static Vertx vertx(int loops) {
        return Vertx.builder()
                .with(
                        new VertxOptions()
                                .setPreferNativeTransport(true)
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

    private static void stop(Vertx vertx, ExecutorService blocking, DiskTier disk) {
        await(vertx.close());
        blocking.shutdown();
        try {
            if (!blocking.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                blocking.shutdownNow();
            }
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
            blocking.shutdownNow();
        }
        disk.close();
    }
}
