package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;

import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;

import java.net.URI;
import java.time.Duration;
import java.util.function.Function;

/**
 * What a simulation that reads does.
 *
 * @param registry {@code registry}: the base of the URLs
 * @param rate {@code rate}: requests a second
 * @param warmUp {@code warm-up}: seconds of the same load before, which are not reported
 * @param duration {@code duration}: in whole seconds
 * @param maxPlugins {@code max-plugins}: plugins that are learned at most
 * @param seed {@code seed} of all choices
 * @param targets {@code p50}, {@code p95}, {@code p99}, {@code max}
 */
record ReadOptions(
        URI registry,
        int rate,
        Duration warmUp,
        Duration duration,
        int maxPlugins,
        long seed,
        Targets targets) {

    private static final int MOST_PLUGINS = 1_000_000;

    static ReadOptions read(OptionReader reader, int rate, int maxPlugins) {
        return new ReadOptions(
                reader.url("registry", "http://127.0.0.1:8080"),
                reader.integer("rate", rate, 1, 20_000),
                Duration.ofSeconds(reader.integer("warm-up", 10, 0, 3600)),
                reader.seconds("duration", 60),
                reader.integer("max-plugins", maxPlugins, 1, MOST_PLUGINS),
                reader.seed(),
                reader.targets(""));
    }

    /**
     * Requests at the rate, after a ramp of the same ones that count nowhere.
     *
     * @param requests makes the scenario from whether its requests are silent
     */
    PopulationBuilder atRate(Function<Boolean, ScenarioBuilder> requests) {
        PopulationBuilder measured =
                requests.apply(false).injectOpen(constantUsersPerSec(rate).during(duration));
        return warmUp.isZero()
                ? measured
                : requests.apply(true)
                        .injectOpen(rampUsersPerSec(1).to(rate).during(warmUp))
                        .andThen(measured);
    }
}
