package dev.modunest.loader.testing;

import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.LoaderOptionsBuilder;
import dev.modunest.loader.TrustOptions;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/** Options of a test host: the recorder is visible, waits are short. */
public final class TestOptions {

    private TestOptions() {}

    public static LoaderOptionsBuilder in(Path cache) {
        return LoaderOptions.in(cache)
                .trust(TrustOptions.unverified())
                .hostPackages(Set.of("dev.modunest.loader.testing"))
                .idleDeadline(Duration.ofSeconds(2))
                .fetchDeadline(Duration.ofSeconds(20))
                .stopDeadline(Duration.ofSeconds(5));
    }

    public static LoaderOptionsBuilder in(Path cache, FakeRegistry registry) {
        return in(cache).registry(registry.uri());
    }
}
