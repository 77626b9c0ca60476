package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.group;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Publishes at one server and measures how long after the 201 another server and an edge show the
 * release, or holds them to {@code Registry-Min-Serial}. Options are those of {@link
 * PublisherOptions}, {@code second}, {@code edge}, {@code rate} and {@code deadline}, as system
 * properties; {@code docs/operations/load-tests.md}.
 */
public final class VisibilitySimulation extends LoadSimulation {

    private static final int SECONDS = 120;
    private static final int SIZE = 10 << 10;
    private static final int PLUGINS = 50;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    /**
     * Where a release is looked for. Each publish is looked for at one place, so that the looks at
     * one do not bring it to another.
     *
     * @param base of the server
     * @param index the sparse index, else the release document
     * @param atOnce with {@code Registry-Min-Serial}
     */
    record Place(String name, URI base, boolean index, boolean atOnce) {

        String url(PluginJar jar) {
            return base + (index ? "/index/" + jar.plugin() : jar.path());
        }
    }

    public VisibilitySimulation() {
        super(VisibilitySimulation::prepare);
    }

    private static Load prepare(OptionReader reader, Consumer<String> progress) {
        PublisherOptions options =
                PublisherOptions.read(reader, InstantSource.system(), SECONDS, SIZE);
        int rate = reader.integer("rate", 5, 1, 1000);
        Duration deadline = reader.seconds("deadline", 10);
        List<Place> places = new ArrayList<>();
        places.addAll(places("second server", reader.url("second", "http://127.0.0.1:8082")));
        places.addAll(places("edge", reader.url("edge", "http://127.0.0.1:8081")));
        progress.accept(
                rate
                        + " publishes/s at "
                        + options.registry()
                        + " for "
                        + options.duration().toSeconds()
                        + " s, each looked for at one of "
                        + places.stream().map(Place::name).toList());
        return new Load(
                protocol(options.registry()).shareConnections(),
                List.of(
                        publishes(options, places, deadline)
                                .injectOpen(constantUsersPerSec(rate).during(options.duration()))),
                options.targets()
                        .of(
                                places.stream()
                                        .filter(place -> !place.atOnce())
                                        .map(Place::name)
                                        .toList()));
    }

    private static List<Place> places(String where, URI base) {
        return List.of(
                new Place("201 to visible, " + where + ", release", base, false, false),
                new Place("201 to visible, " + where + ", index", base, true, false),
                new Place("Registry-Min-Serial, " + where + ", release", base, false, true),
                new Place("Registry-Min-Serial, " + where + ", index", base, true, true));
    }

    private static ScenarioBuilder publishes(
            PublisherOptions options, List<Place> places, Duration deadline) {
        return scenario("publishes")
                .exec(
                        feed(feeder(options, places)),
                        lookBefore(),
                        PublishSteps.publish(PublishSteps.PUBLISH, "wait=60"),
                        PublishSteps.follow(),
                        doIf(session -> !session.isFailed())
                                .then(
                                        exec(
                                                session ->
                                                        session.set("since", System.nanoTime())
                                                                .set("visible", false)),
                                        doIfOrElse(session -> place(session).atOnce())
                                                .then(atOnce())
                                                .orElse(soon(deadline))));
    }

    /** Versions of a few plugins in turn, so that there are documents to be outdated. */
    private static Iterator<Map<String, Object>> feeder(
            PublisherOptions options, List<Place> places) {
        return Stream.iterate(0, count -> count + 1)
                .map(
                        count -> {
                            int plugin = count % PLUGINS;
                            PluginJar jar =
                                    PluginJar.of(
                                            options.namespace(plugin),
                                            "seen-%03d".formatted(plugin),
                                            "1." + count / PLUGINS + ".0",
                                            options.size());
                            return Map.<String, Object>of(
                                    "jar", jar,
                                    "token", options.token(plugin),
                                    "place", places.get(count % places.size()));
                        })
                .iterator();
    }

    /** Fills the caches of the place with what the publish will outdate. */
    private static ChainBuilder lookBefore() {
        return exec(
                http("look before the publish")
                        .get(VisibilitySimulation::url)
                        .check(status().in(200, 404)));
    }

    private static ChainBuilder soon(Duration deadline) {
        return group(session -> place(session).name())
                .on(
                        asLongAs(session -> !session.isFailed() && !session.getBoolean("visible"))
                                .on(
                                        http("look")
                                                .get(VisibilitySimulation::url)
                                                .check(
                                                        status().in(200, 404),
                                                        bodyString()
                                                                .transformWithSession(
                                                                        VisibilitySimulation::shows)
                                                                .saveAs("visible"))
                                                .checkIf(session -> isPast(deadline, session))
                                                .then(
                                                        bodyString()
                                                                .transformWithSession(
                                                                        VisibilitySimulation::shows)
                                                                .is(true)),
                                        doIf(session -> !session.getBoolean("visible"))
                                                .then(pause(BETWEEN_LOOKS))));
    }

    private static ChainBuilder atOnce() {
        return doIf(session -> session.contains("serial"))
                .then(
                        http(session -> place(session).name())
                                .get(VisibilitySimulation::url)
                                .header("Registry-Min-Serial", "#{serial}")
                                .check(
                                        status().is(200),
                                        bodyString()
                                                .transformWithSession(VisibilitySimulation::shows)
                                                .is(true),
                                        header("Registry-Serial")
                                                .transformWithSession(
                                                        (told, session) ->
                                                                Long.parseLong(told)
                                                                        >= Long.parseLong(
                                                                                session.getString(
                                                                                        "serial")))
                                                .is(true)));
    }

    private static boolean isPast(Duration deadline, Session session) {
        return System.nanoTime() - session.getLong("since") > deadline.toNanos();
    }

    private static boolean shows(String body, Session session) {
        return body.contains("\"coordinate\":\"" + PublishSteps.jar(session).coordinate() + "\"");
    }

    private static String url(Session session) {
        return place(session).url(PublishSteps.jar(session));
    }

    private static Place place(Session session) {
        return attribute(session, "place", Place.class);
    }
}
