package dev.modunest.loader.lifecycle;

import dev.modunest.format.resolve.Lock;
import dev.modunest.loader.ExchangeReport;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.PluginGenerations;
import dev.modunest.loader.fetch.CacheEviction;
import dev.modunest.loader.log.LoaderLog;
import dev.modunest.loader.resolve.GenerationFiles;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Locks that were applied, and the way back. */
final class Generations implements PluginGenerations {

    private final LoaderOptions options;
    private final LoadTurn turn;
    private final Changes changes;
    private final Registries registries;
    private final GenerationFiles files;

    Generations(LoaderOptions options, LoadTurn turn, Changes changes, Registries registries) {
        this.options = options;
        this.turn = turn;
        this.changes = changes;
        this.registries = registries;
        this.files = new GenerationFiles(options);
    }

    @Override
    public ExchangeReport apply(Lock lock) throws InterruptedException {
        return turn.take(
                () -> {
                    int number = files.add(lock);
                    boolean done = false;
                    try {
                        ExchangeReport report = become(lock);
                        done = report.done();
                        return report;
                    } finally {
                        if (done) {
                            files.commit(number);
                            evict();
                        } else {
                            files.drop(number);
                        }
                    }
                });
    }

    @Override
    public ExchangeReport rollback() throws InterruptedException {
        return turn.take(
                () -> {
                    List<Integer> good = files.good();
                    if (good.size() < 2) {
                        throw new LoaderException(
                                "no-generation", "there is no generation before the present one");
                    }
                    ExchangeReport report = become(files.read(good.get(good.size() - 2)));
                    if (report.done()) {
                        files.commitBack();
                    }
                    return report;
                });
    }

    private ExchangeReport become(Lock lock) throws InterruptedException {
        return changes.become(
                lock.plan(), registries.artifacts(options.registry(), options.cacheDirectory()));
    }

    @Override
    public LoadReport resume() throws InterruptedException {
        return turn.take(
                () -> {
                    int number =
                            files.current()
                                    .orElseThrow(
                                            () ->
                                                    new LoaderException(
                                                            "no-generation",
                                                            "no generation has run yet: apply a"
                                                                    + " lock"));
                    return changes.load(
                            files.read(number).plan(),
                            options.registry(),
                            registries.artifacts(options.registry(), options.cacheDirectory()),
                            System.nanoTime());
                });
    }

    /** What is left over in the cache goes; when that fails, the generation runs all the same. */
    private void evict() {
        try {
            new CacheEviction(options.cacheDirectory(), InstantSource.system())
                    .evict(files.namedArtifacts(), options.reload().cacheBytes());
        } catch (IOException | LoaderException failed) {
            LoaderLog.get().log(Level.WARNING, "the artifact cache cannot be cleared", failed);
        }
    }

    @Override
    public Optional<Integer> current() {
        return files.current();
    }

    @Override
    public List<Integer> kept() {
        return files.good();
    }
}
