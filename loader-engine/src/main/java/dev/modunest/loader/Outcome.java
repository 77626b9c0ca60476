package dev.modunest.loader;

import dev.modunest.format.Coordinate;

import java.util.List;

/** How loading one plugin ended. */
public sealed interface Outcome {

    /**
     * It runs.
     *
     * @param trust what is proven of it
     */
    record Loaded(StageTimes times, PluginTrust trust) implements Outcome {}

    /**
     * It does not run; its dependents are skipped.
     *
     * @param code stable, kebab-case, listed in {@code docs/loader/embedding.md}
     * @param reason one sentence
     * @param causes one line for each exception, from the one thrown to the root cause; empty when
     *     none was thrown
     */
    record Failed(Stage stage, String code, String reason, List<String> causes) implements Outcome {
        public Failed {
            causes = List.copyOf(causes);
        }
    }

    /**
     * It was not started because something that it requires does not run.
     *
     * @param chain from the plugin that it requires to the one that failed; never empty
     */
    record Skipped(List<Coordinate> chain) implements Outcome {
        public Skipped {
            chain = List.copyOf(chain);
            if (chain.isEmpty()) {
                throw new IllegalArgumentException("a skipped plugin names what failed");
            }
        }

        /** The plugin that failed. */
        public Coordinate failed() {
            return chain.getLast();
        }
    }

    /** Where a plugin failed. */
    enum Stage {
        FETCH,
        VERIFY,
        ISOLATE,
        START
    }
}
