package dev.modunest.loader;

import dev.modunest.format.Coordinate;

import java.util.List;

/** What happens in an engine, told as it happens to {@link LoaderOptions.Observers#onEvent}. */
public sealed interface LoaderEvent {

    /**
     * A load begins.
     *
     * @param plugins of the plan, each after what it requires
     */
    record LoadBegan(List<Coordinate> plugins) implements LoaderEvent {
        public LoadBegan {
            plugins = List.copyOf(plugins);
        }
    }

    /** The outcome of one plugin is known. */
    record PluginFinished(PluginReport report) implements LoaderEvent {}

    /** A load has ended. */
    record LoadEnded(LoadReport report) implements LoaderEvent {}

    /**
     * What runs is about to be exchanged; the rest goes on serving.
     *
     * @param former what will be stopped
     * @param coming what takes its place
     */
    record ExchangeBegan(List<Coordinate> former, List<Coordinate> coming) implements LoaderEvent {
        public ExchangeBegan {
            former = List.copyOf(former);
            coming = List.copyOf(coming);
        }
    }

    /** An exchange is over, or was undone. */
    record ExchangeEnded(ExchangeReport report) implements LoaderEvent {}

    /** What became of the classes of a plugin that was unloaded. */
    record Unloaded(UnloadedPlugin plugin) implements LoaderEvent {}

    /**
     * A hook threw or was late.
     *
     * @param hook the name of its method
     * @param causes one line for each exception
     */
    record HookFailed(String hook, Coordinate plugin, List<String> causes) implements LoaderEvent {
        public HookFailed {
            causes = List.copyOf(causes);
        }
    }
}
