package dev.modunest.loader.resolve;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.IndexEntry;
import dev.modunest.format.resolve.ReleaseSource;
import dev.modunest.loader.LoaderException;

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

/** The sparse index of a registry, each batch fetched concurrently. */
final class IndexReleases implements ReleaseSource {

    private static final int CONCURRENT_REQUESTS = 16;

    private final RegistryClient registry;

    IndexReleases(RegistryClient registry) {
        this.registry = registry;
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
                return registry.index(plugin);
            } finally {
                permits.release();
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
            throw failed.getCause() instanceof LoaderException told
                    ? told
                    : new IllegalStateException(failed.getCause());
        }
    }
}
