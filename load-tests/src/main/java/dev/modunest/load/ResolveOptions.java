package dev.modunest.load;

import java.time.Duration;

/**
 * What a {@link ResolveSimulation} does.
 *
 * @param read registry, warm-up and duration of each half, plugins, seed, targets of resolving
 * @param clients {@code clients}, each with one request at a time
 * @param pace {@code pace}: least milliseconds between the begins of two requests of a client
 * @param roots {@code roots} of a request
 * @param lockSize {@code lock-size}: steps of a lock that is verified, at most
 * @param variants {@code variants}: different requests
 * @param verify {@code verify-p50} and so on
 */
record ResolveOptions(
        ReadOptions read,
        int clients,
        Duration pace,
        int roots,
        int lockSize,
        int variants,
        Targets verify) {

    private static final int MAX_PLUGINS = 10_000;

    static ResolveOptions read(OptionReader reader) {
        return new ResolveOptions(
                ReadOptions.read(reader, 1, MAX_PLUGINS),
                reader.integer("clients", 1, 1, 1000),
                Duration.ofMillis(reader.integer("pace", 20, 0, 60_000)),
                reader.integer("roots", 500, 1, 1000),
                reader.integer("lock-size", 500, 1, 10_000),
                reader.integer("variants", 4, 1, 100),
                reader.targets("verify-"));
    }
}
