package dev.modunest.loader.resolve;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseSource;
import dev.modunest.loader.LoaderException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * The sparse index of a registry: each batch fetched concurrently, what did not change since it was
 * last answered read from disk. Offline only what is on disk is there.
 */
final class IndexReleases implements ReleaseSource {

    private static final int CONCURRENT_REQUESTS = 16;

    private final RegistryClient registry;
    private final IndexCache cache;
    private final boolean offline;

    IndexReleases(RegistryClient registry, Path cacheDirectory, boolean offline) {
        this.registry = registry;
        this.cache = new IndexCache(cacheDirectory, registry.address());
        this.offline = offline;
    }

    @Override
    public Map<PluginId, List<IndexEntry>> releases(Set<PluginId> plugins) {
        Semaphore permits = new Semaphore(CONCURRENT_REQUESTS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<PluginId, Future<Optional<List<IndexEntry>>>> answers = new HashMap<>();
            for (PluginId plugin : plugins) {
                answers.put(plugin, threads.submit(ask(plugin, permits)));
            }
            return collect(answers, threads);
        }
    }

    private Callable<Optional<List<IndexEntry>>> ask(PluginId plugin, Semaphore permits) {
        return () -> {
            permits.acquire();
            try {
                return offline ? kept(plugin) : asked(plugin);
            } finally {
                permits.release();
            }
        };
    }

    private Optional<List<IndexEntry>> kept(PluginId plugin) {
        return cache.find(plugin).map(kept -> registry.entries(plugin, kept.document()));
    }

    private Optional<List<IndexEntry>> asked(PluginId plugin)
            throws InterruptedException, IOException {
        Optional<IndexCache.Kept> kept = cache.find(plugin);
        return switch (registry.index(plugin, kept.map(IndexCache.Kept::entityTag))) {
            case RegistryClient.IndexAnswer.Unchanged _ ->
                    kept.map(document -> registry.entries(plugin, document.document()));
            case RegistryClient.IndexAnswer.Unknown _ -> {
                cache.forget(plugin);
                yield Optional.empty();
            }
            case RegistryClient.IndexAnswer.Document document -> {
                List<IndexEntry> entries = registry.entries(plugin, document.text());
                if (document.entityTag().isPresent()) {
                    cache.keep(
                            plugin,
                            new IndexCache.Kept(document.entityTag().get(), document.text()));
                }
                yield Optional.of(entries);
            }
        };
    }

    private static Map<PluginId, List<IndexEntry>> collect(
            Map<PluginId, Future<Optional<List<IndexEntry>>>> answers, ExecutorService threads) {
        Map<PluginId, List<IndexEntry>> releases = new HashMap<>();
        try {
            for (Map.Entry<PluginId, Future<Optional<List<IndexEntry>>>> answer :
                    answers.entrySet()) {
                answer.getValue()
                        .get()
                        .ifPresent(entries -> releases.put(answer.getKey(), entries));
            }
            return releases;
        } catch (InterruptedException cancelled) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
            throw new LoaderException("cancelled", "resolution was cancelled", cancelled);
        } catch (ExecutionException failed) {
            threads.shutdownNow();
            if (failed.getCause() instanceof LoaderException told) {
                throw told;
            }
            if (failed.getCause() instanceof IOException unusable) {
                throw new LoaderException(
                        "cache-unusable", "index documents cannot be kept: " + unusable, unusable);
            }
            throw new IllegalStateException(failed.getCause());
        }
    }
}
