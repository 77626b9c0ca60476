package dev.modunest.edge;

import dev.modunest.edge.admin.AdminListener;
import dev.modunest.edge.admin.AdminRoutes;
import dev.modunest.edge.admin.OriginsEndpoint;
import dev.modunest.edge.cache.CachePolicy;
import dev.modunest.edge.cache.DiskTier;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.MemorySettings;
import dev.modunest.edge.cache.Purges;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.cache.ResponseTable;
import dev.modunest.edge.counts.CountReporter;
import dev.modunest.edge.counts.DownloadCounter;
import dev.modunest.edge.discovery.Discovery;
import dev.modunest.edge.discovery.RegisteredOrigins;
import dev.modunest.edge.fill.ArtifactFills;
import dev.modunest.edge.fill.Fills;
import dev.modunest.edge.fill.Flights;
import dev.modunest.edge.fill.Names;
import dev.modunest.edge.fill.Responses;
import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.CdnLoop;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.purge.AppliedSerial;
import dev.modunest.edge.purge.AppliedSerialFile;
import dev.modunest.edge.purge.EventFollower;
import dev.modunest.edge.purge.Purger;
import dev.modunest.edge.purge.Recheck;
import dev.modunest.edge.serve.ArtifactEndpoint;
import dev.modunest.edge.serve.HealthEndpoint;
import dev.modunest.edge.serve.ListenSettings;
import dev.modunest.edge.serve.MetricsEndpoint;
import dev.modunest.edge.serve.ProxyEndpoint;
import dev.modunest.edge.serve.ResponseEndpoint;
import dev.modunest.edge.serve.ResponseWriter;
import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Secret;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A running edge: the composition root. */
public final class EdgeServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeServer.class);
    private static final long STOP_SECONDS = 30;
    private static final long EXPIRY_MILLIS = 1000;

    private final EdgeConfig config;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CdnLoop loop;
    private final Optional<Integer> adminPort;
    private final int port;

    private EdgeServer(EdgeConfig config, InstantSource clock) {
        this.config = config;
        Instant begin = Instant.now();
        requireHeapFor(config.memory());
        this.loop = loop(config);
        int loops = loops(config.listen());
        try {
            EdgeMetrics metrics = new EdgeMetrics();
            Refusals refusals = new Refusals(config.purge().maxRefusals());
            DiskTier disk = closing(openDisk(config, refusals, metrics));
            ExecutorService blocking = virtualThreads();
            parts.push(() -> stop(blocking));
            Vertx vertx = vertx(loops);
            parts.push(() -> await(vertx.close()));
            Origin origin = closing(new Origin(vertx, config.origin(), loop, metrics));
            closing(Discovery.start(vertx, config.discovery(), origin));
            this.adminPort =
                    config.admin().token().map(token -> administer(vertx, token, origin, clock));
            EdgeRoutes routes = routes(clock, metrics, refusals, disk, origin, blocking);
            EdgeListener listener = new EdgeListener(config.listen(), routes, metrics);
            this.port =
                    listening(
                            listener.listen(vertx, loops),
                            "listen",
                            config.listen().address(),
                            config.listen().port());
            LOG.info(
                    "edge of {} on port {} ({}, {} event loops) after {} ms",
                    config.origin().uris(),
                    port,
                    vertx.isNativeTransportEnabled() ? "native transport" : "NIO",
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

    public int port() {
        return port;
    }

    /** Where the edge is reached from this machine. */
    public URI uri() {
        return uri(config.listen().address(), port);
    }

    /** Where its administration is; empty when it is off. */
    public Optional<URI> adminUri() {
        return adminPort.map(open -> uri(config.admin().address(), open));
    }

    private static URI uri(String host, int port) {
        boolean anywhere = host.equals("0.0.0.0") || host.equals("::");
        return URI.create("http://" + (anywhere ? "127.0.0.1" : host) + ":" + port);
    }

    @Override
    public void close() {
        RuntimeException failures = new IllegalStateException("parts of the edge did not close");
        closeAfter(failures);
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }

    private void closeAfter(RuntimeException cause) {
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

    private EdgeRoutes routes(
            InstantSource clock,
            EdgeMetrics metrics,
            Refusals refusals,
            DiskTier disk,
            Origin origin,
            ExecutorService blocking) {
        AppliedSerialFile appliedFile = new AppliedSerialFile(config.disk().directory());
        AppliedSerial applied = appliedFile.read();
        Purges purges = new Purges(config.purge().maxPlugins(), applied.serial());
        ResponseTable table = new ResponseTable(config.responses().heads(), metrics);
        EdgeCache cache = new EdgeCache(disk, config.memory(), refusals, blocking, metrics);
        restore(table, disk);
        Names names = new Names(origin, config.fill());
        Responses responses =
                new Responses(table, cache, purges, policy(), config.responses(), clock);
        Fills fills =
                new Fills(
                        disk,
                        cache,
                        config.fill(),
                        config.disk().maxObject().bytes(),
                        blocking,
                        metrics);
        Flights flights =
                new Flights(
                        origin,
                        responses,
                        fills,
                        refusals,
                        config.responses(),
                        cache.maxInMemory());
        Optional<EventFollower> events =
                config.mode() == EdgeMode.REGISTRY
                        ? Optional.of(
                                follow(
                                        purges,
                                        cache,
                                        table,
                                        names,
                                        origin,
                                        appliedFile,
                                        applied,
                                        metrics))
                        : Optional.empty();
        DownloadCounter downloads = new DownloadCounter(config.downloads(), clock, metrics);
        CountReporter.start(
                        downloads,
                        config.disk().directory().resolve("downloads"),
                        origin,
                        config.downloads(),
                        metrics)
                .ifPresent(parts::push);
        ProxyEndpoint proxy = new ProxyEndpoint(origin);
        ResponseEndpoint responseEndpoint =
                new ResponseEndpoint(
                        responses,
                        flights,
                        cache,
                        proxy,
                        new ResponseWriter(blocking, clock),
                        clock);
        ArtifactEndpoint artifacts =
                new ArtifactEndpoint(
                        cache,
                        new ArtifactFills(origin, fills, cache, responses, downloads, clock),
                        fills,
                        names,
                        responseEndpoint,
                        proxy,
                        downloads);
        return new EdgeRoutes(
                config.mode(),
                artifacts,
                responseEndpoint,
                proxy,
                loop,
                new HealthEndpoint(origin, events, disk, cache, blocking),
                new MetricsEndpoint(metrics, blocking));
    }

    /**
     * What is left of a registry's responses may be outdated by an event that was heard before the
     * stop, and stands in only while the origin is away.
     */
    private void restore(ResponseTable table, DiskTier disk) {
        try {
            closing(
                    table.restore(
                            config.disk().directory(),
                            digest -> disk.find(digest) != null,
                            response ->
                                    config.mode() == EdgeMode.REGISTRY
                                            ? response.outOfDate()
                                            : response));
        } catch (IOException unusable) {
            throw new UncheckedIOException(
                    "disk.directory " + config.disk().directory() + " cannot be used", unusable);
        }
    }

    private EventFollower follow(
            Purges purges,
            EdgeCache cache,
            ResponseTable table,
            Names names,
            Origin origin,
            AppliedSerialFile appliedFile,
            AppliedSerial applied,
            EdgeMetrics metrics) {
        Recheck recheck =
                closing(new Recheck(origin, cache, config.purge().reconnectMax(), metrics));
        return closing(
                new EventFollower(
                        origin,
                        new Purger(purges, cache, table, names, recheck, appliedFile, applied),
                        config.purge(),
                        config.downloads().token(),
                        metrics));
    }

    private CachePolicy policy() {
        Duration negativeAge = config.responses().negativeAge();
        Duration staleIfGone = config.responses().staleIfGone();
        return switch (config.mode()) {
            case REGISTRY -> CachePolicy.registry(negativeAge, staleIfGone);
            case ANY_ORIGIN -> CachePolicy.anyOrigin(negativeAge, staleIfGone);
        };
    }

    /** Opens the administration; gives its port. */
    private int administer(Vertx vertx, Secret token, Origin origin, InstantSource clock) {
        RegisteredOrigins registered =
                new RegisteredOrigins(
                        clock,
                        config.admin().maxRegistered(),
                        addresses -> origin.replace(RegisteredOrigins.SOURCE, addresses));
        vertx.setPeriodic(EXPIRY_MILLIS, _ -> registered.expire());
        AdminRoutes routes =
                new AdminRoutes(new OriginsEndpoint(origin, registered, config.admin()));
        return listening(
                new AdminListener(config.admin(), token, routes).listen(vertx),
                "admin",
                config.admin().address(),
                config.admin().port());
    }

    private static int listening(Future<Integer> port, String group, String address, int wanted) {
        try {
            return await(port);
        } catch (CompletionException failed) {
            throw new UncheckedIOException(
                    "cannot listen on %s:%d; choose another %s.port or %s.address"
                            .formatted(address, wanted, group, group),
                    new IOException(failed.getCause()));
        }
    }

    /** Two edges of one machine are two by their ports; free ports are not known beforehand. */
    private static CdnLoop loop(EdgeConfig config) {
        if (config.cdnId().isPresent()) {
            return new CdnLoop(config.cdnId().get());
        }
        int port = config.listen().port();
        String suffix =
                port == 0
                        ? "-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong())
                        : ":" + port;
        try {
            return CdnLoop.ofHost(InetAddress.getLocalHost().getHostName(), suffix);
        } catch (UnknownHostException nameless) {
            throw new IllegalArgumentException(
                    "this machine has no name that resolves: set cdn_id", nameless);
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
            return new DiskTier(config.disk(), config.memory(), refusals, metrics);
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
