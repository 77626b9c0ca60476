package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Many users, each on a connection of its own that stays open, who together ask at a constant rate.
 * Options are {@code users}, {@code ramp} and those of {@link DownloadOptions}, as system
 * properties; {@code docs/operations/load-tests.md}.
 */
public final class ConnectedSimulation extends LoadSimulation {

    private static final int MILLIS = 1_000;

    public ConnectedSimulation() {
        super(ConnectedSimulation::prepare);
    }

    private static Load prepare(OptionReader reader, Consumer<String> progress) {
        DownloadOptions options = DownloadOptions.read(reader);
        int users = reader.integer("users", 10_000, 1, 50_000);
        Duration ramp = reader.seconds("ramp", 20);
        Duration pace = Duration.ofMillis(Math.max(1, (long) users * MILLIS / options.rate()));
        List<Artifact> artifacts = Catalogue.artifacts(options);
        progress.accept(
                users
                        + " users connect to "
                        + options.edge()
                        + " within "
                        + ramp.toSeconds()
                        + " s; each asks every "
                        + pace.toMillis()
                        + " ms, for "
                        + options.duration().toSeconds()
                        + " s");
        DownloadFeeder feeder = new DownloadFeeder(artifacts, options);
        return new Load(
                protocol(options.edge()),
                List.of(
                        scenario("users")
                                .exec(
                                        during(options.duration())
                                                .on(
                                                        pace(pace),
                                                        feed(feeder),
                                                        DownloadSimulation.download()))
                                .injectOpen(rampUsers(users).during(ramp))),
                options.targets().ofAll());
    }
}
