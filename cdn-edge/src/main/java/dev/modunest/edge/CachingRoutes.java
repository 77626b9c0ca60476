package dev.modunest.edge;

import dev.modunest.edge.access.ArtifactAccess;
import dev.modunest.edge.access.EdgeCredential;
import dev.modunest.edge.access.UrlKeys;
import dev.modunest.edge.admin.TierPurge;
import dev.modunest.edge.cache.CachePolicy;
import dev.modunest.edge.cache.DiskTier;
import dev.modunest.edge.cache.EdgeCache;
import dev.modunest.edge.cache.Purges;
import dev.modunest.edge.cache.Refusals;
import dev.modunest.edge.cache.ResponseTable;
import dev.modunest.edge.counts.CountReporter;
import dev.modunest.edge.counts.DownloadCounter;
import dev.modunest.edge.fill.ArtifactFills;
import dev.modunest.edge.fill.Fills;
import dev.modunest.edge.fill.Flights;
import dev.modunest.edge.fill.Names;
import dev.modunest.edge.fill.PostedResponses;
import dev.modunest.edge.fill.Responses;
import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.origin.CdnLoop;
import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.prefetch.ArtifactFetch;
import dev.modunest.edge.prefetch.Prefetches;
import dev.modunest.edge.prefetch.ResponseFetch;
import dev.modunest.edge.prefetch.TargetFetch;
import dev.modunest.edge.purge.AppliedSerial;
import dev.modunest.edge.purge.AppliedSerialFile;
import dev.modunest.edge.purge.EventFollower;
import dev.modunest.edge.purge.Purger;
import dev.modunest.edge.purge.Recheck;
import dev.modunest.edge.serve.ArtifactEndpoint;
import dev.modunest.edge.serve.ChangeEndpoint;
import dev.modunest.edge.serve.HealthEndpoint;
import dev.modunest.edge.serve.MetricsEndpoint;
import dev.modunest.edge.serve.ProxyEndpoint;
import dev.modunest.edge.serve.ResponseEndpoint;
import dev.modunest.edge.serve.ResponseWriter;

import io.vertx.core.Vertx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Puts together what serves from the tiers, once this edge owns their directory.
 *
 * @param parts what is to be closed, the last one first
 */
record CachingRoutes(
        Vertx vertx,
        EdgeConfig config,
        Origin origin,
        CdnLoop loop,
        ProxyEndpoint proxy,
        EdgeMetrics metrics,
        Executor blocking,
        InstantSource clock,
        Deque<AutoCloseable> parts) {

    OpenCache make(DirectoryLock lock) {
        closing(lock);
        Path directory = config.disk().directory();
        Refusals refusals = new Refusals(config.purge().maxRefusals());
        DiskTier disk = closing(openDisk(refusals));
        EdgeCache cache = new EdgeCache(disk, config.memory(), refusals, blocking, metrics);
        ResponseTable table = new ResponseTable(config.responses().heads(), metrics);
        restore(table, disk);
        AppliedSerialFile appliedFile = new AppliedSerialFile(directory);
        AppliedSerial applied = appliedFile.read();
        Purges purges =
                new Purges(
                        config.purge().maxPlugins(),
                        config.purge().maxRecent().bytes(),
                        applied.serial());
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
        Names names = new Names(origin, config.fill());
        EdgeCredential credential = new EdgeCredential(config.access(), clock);
        Optional<EventFollower> events = Optional.empty();
        boolean registry = config.mode() == EdgeMode.REGISTRY;
        if (registry) {
            Recheck recheck =
                    closing(
                            new Recheck(
                                    origin,
                                    cache,
                                    config.purge().reconnectMax(),
                                    credential,
                                    metrics));
            Purger purger = new Purger(purges, cache, table, names, recheck, appliedFile, applied);
            events = Optional.of(closing(follow(purger)));
        }
        DownloadCounter downloads = new DownloadCounter(config.downloads(), clock, metrics);
        CountReporter.start(
                        downloads,
                        directory.resolve("downloads"),
                        origin,
                        config.downloads(),
                        metrics)
                .ifPresent(parts::push);
        ResponseEndpoint responseEndpoint =
                new ResponseEndpoint(
                        responses, flights, cache, proxy, new ResponseWriter(clock), clock);
        ArtifactFills artifactFills =
                new ArtifactFills(origin, fills, cache, responses, downloads, credential, clock);
        ArtifactEndpoint artifacts =
                new ArtifactEndpoint(
                        access(),
                        cache,
                        artifactFills,
                        fills,
                        names,
                        responseEndpoint,
                        proxy,
                        downloads);
        EdgeRoutes routes =
                new EdgeRoutes(
                        config.mode(),
                        artifacts,
                        responseEndpoint,
                        new ChangeEndpoint(
                                responses,
                                new PostedResponses(responses, config.responses()),
                                proxy),
                        proxy,
                        loop,
                        new HealthEndpoint(origin, events, disk, cache, blocking, clock),
                        new MetricsEndpoint(metrics, blocking));
        TargetFetch fetch =
                new TargetFetch(
                        names,
                        new ArtifactFetch(cache, artifactFills, fills, vertx),
                        new ResponseFetch(responses, flights, cache, clock),
                        registry,
                        EdgeRoutes::isDocument);
        return new OpenCache(
                routes,
                new TierPurge(purges, cache, table, names, registry),
                closing(new Prefetches(config.prefetch(), fetch, vertx, clock, metrics)));
    }

    private ArtifactAccess access() {
        boolean keeps = config.mode() == EdgeMode.REGISTRY && config.access().token().isPresent();
        return new ArtifactAccess(
                config.access(),
                keeps
                        ? Optional.of(
                                closing(
                                        new UrlKeys(
                                                vertx, origin, config.access(), metrics, clock)))
                        : Optional.empty(),
                clock);
    }

    private <T extends AutoCloseable> T closing(T part) {
        parts.push(part);
        return part;
    }

    private DiskTier openDisk(Refusals refusals) {
        try {
            return new DiskTier(config.disk(), config.memory(), refusals, metrics);
        } catch (IOException unusable) {
            throw unusable(unusable);
        }
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
            throw unusable(unusable);
        }
    }

    private EventFollower follow(Purger purger) {
        return new EventFollower(
                origin, purger, config.purge(), config.downloads().token(), metrics);
    }

    private CachePolicy policy() {
        Duration negativeAge = config.responses().negativeAge();
        Duration staleIfGone = config.responses().staleIfGone();
        return switch (config.mode()) {
            case REGISTRY -> CachePolicy.registry(negativeAge, staleIfGone);
            case ANY_ORIGIN -> CachePolicy.anyOrigin(negativeAge, staleIfGone);
        };
    }

    private UncheckedIOException unusable(IOException cause) {
        return new UncheckedIOException(
                "disk.directory " + config.disk().directory() + " cannot be used", cause);
    }
}
