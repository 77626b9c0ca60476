package dev.modunest.loader.observe;

import dev.modunest.loader.LoaderEvent;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginReport;
import dev.modunest.loader.StageTimes;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

import java.util.function.Consumer;

/** Events of JDK Flight Recorder: {@code modunest.Plugin} and {@code modunest.Exchange}. */
public final class FlightEvents {

    private FlightEvents() {}

    /**
     * A listener for {@code LoaderOptionsBuilder.onEvent}; a recording that is off costs little.
     */
    public static Consumer<LoaderEvent> listener() {
        return event -> {
            switch (event) {
                case LoaderEvent.PluginFinished finished -> commit(finished.report());
                case LoaderEvent.ExchangeEnded ended -> commit(ended);
                default -> {}
            }
        };
    }

    private static void commit(PluginReport report) {
        PluginEvent event = new PluginEvent();
        if (!event.isEnabled()) {
            return;
        }
        event.plugin = report.coordinate().toString();
        event.networkBytes = report.fetchedBytes();
        switch (report.outcome()) {
            case Outcome.Loaded loaded -> {
                StageTimes times = loaded.times();
                event.outcome = "loaded";
                event.fetch = times.fetch().toNanos();
                event.verify = times.verify().toNanos();
                event.waiting = times.waiting().toNanos();
                event.define = times.define().toNanos();
                event.start = times.start().toNanos();
            }
            case Outcome.Failed failed -> event.outcome = failed.code();
            case Outcome.Skipped _ -> event.outcome = "skipped";
        }
        event.commit();
    }

    private static void commit(LoaderEvent.ExchangeEnded ended) {
        ExchangeEvent event = new ExchangeEvent();
        if (event.isEnabled()) {
            event.done = ended.report().done();
            event.plugins = ended.report().plugins().size();
            event.wall = ended.report().wall().toNanos();
            event.pause = ended.report().pause().toNanos();
            event.commit();
        }
    }

    @Name("modunest.Plugin")
    @Label("Plugin")
    @Category("Modu-Nest")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the recorder reads them
    private static final class PluginEvent extends Event {
        private String plugin = "";
        private String outcome = "";
        private long networkBytes;
        @Timespan private long fetch;
        @Timespan private long verify;
        @Timespan private long waiting;
        @Timespan private long define;
        @Timespan private long start;
    }

    @Name("modunest.Exchange")
    @Label("Exchange of plugins")
    @Category("Modu-Nest")
    @StackTrace(false)
    @SuppressWarnings("UnusedVariable") // the recorder reads them
    private static final class ExchangeEvent extends Event {
        private boolean done;
        private int plugins;
        @Timespan private long wall;
        @Timespan private long pause;
    }
}
