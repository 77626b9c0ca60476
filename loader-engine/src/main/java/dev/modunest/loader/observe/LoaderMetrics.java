package dev.modunest.loader.observe;

import dev.modunest.loader.ExchangeReport;
import dev.modunest.loader.LoaderEvent;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.StageTimes;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Where the numbers of an engine go; {@code docs/operations/loader.md} names them. Implementations
 * are thread-safe and do not block.
 */
public interface LoaderMetrics {

    /** A stage of one plugin took {@code time}: fetch, verify, wait, define or start. */
    void stage(String stage, Duration time);

    /**
     * A plugin ended as {@code outcome}: loaded, failed or skipped; {@code code} is of a failure.
     */
    void outcome(String outcome, String code);

    /** A load is over. */
    void loaded(Duration wall, long networkBytes);

    /** An exchange is over. */
    void exchanged(boolean done, Duration wall, Duration pause);

    /** It became known whether a class loader was collected. */
    void unloaded(boolean collected);

    /** A hook of the host failed. */
    void hookFailed(String hook);

    /** A listener for {@code LoaderOptionsBuilder.onEvent} that tells {@code metrics}. */
    static Consumer<LoaderEvent> listener(LoaderMetrics metrics) {
        return event -> {
            switch (event) {
                case LoaderEvent.PluginFinished finished -> tell(finished.report(), metrics);
                case LoaderEvent.LoadEnded ended ->
                        metrics.loaded(ended.report().wall(), ended.report().fetchedBytes());
                case LoaderEvent.ExchangeEnded ended -> tell(ended.report(), metrics);
                case LoaderEvent.Unloaded gone -> metrics.unloaded(gone.plugin().collected());
                case LoaderEvent.HookFailed failed -> metrics.hookFailed(failed.hook());
                case LoaderEvent.LoadBegan _, LoaderEvent.ExchangeBegan _ -> {}
            }
        };
    }

    private static void tell(ExchangeReport report, LoaderMetrics metrics) {
        metrics.exchanged(report.done(), report.wall(), report.pause());
        report.plugins().forEach(plugin -> tell(plugin, metrics));
    }

    private static void tell(PluginReport report, LoaderMetrics metrics) {
        switch (report.outcome()) {
            case Outcome.Loaded loaded -> {
                metrics.outcome("loaded", "");
                tell(loaded.times(), metrics);
            }
            case Outcome.Failed failed -> metrics.outcome("failed", failed.code());
            case Outcome.Skipped _ -> metrics.outcome("skipped", "");
        }
    }

    private static void tell(StageTimes times, LoaderMetrics metrics) {
        metrics.stage("fetch", times.fetch());
        metrics.stage("verify", times.verify());
        metrics.stage("wait", times.waiting());
        metrics.stage("define", times.define());
        metrics.stage("start", times.start());
    }
}
