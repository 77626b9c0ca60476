package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;
import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.percent;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.randomSwitch;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Many publishers at once, each with a connection of its own, who look at their publishes and their
 * plugin, at times at their account and its tokens, and publish now and then. Options are those of
 * {@link PublisherOptions}, {@code sessions}, {@code ramp}, {@code pause}, {@code account-percent},
 * {@code publish-percent} and {@code stream-percent}, as system properties; {@code
 * docs/operations/load-tests.md}.
 */
public final class SessionSimulation extends LoadSimulation {

    private static final String FIRST = "first publish of the session";
    private static final String PUBLISHES = "publishes of the account";
    private static final String PLUGIN = "plugin of the session";
    private static final String ACCOUNT = "account";
    private static final String TOKENS = "tokens of the account";
    private static final int SECONDS = 60;
    private static final int SIZE = 10 << 10;

    /** What sessions do and how often. */
    private record Habits(
            int sessions, Duration ramp, Duration pause, int account, int publish, int stream) {}

    public SessionSimulation() {
        super(SessionSimulation::prepare);
    }

    private static Load prepare(OptionReader reader, Consumer<String> progress) {
        PublisherOptions options =
                PublisherOptions.read(reader, InstantSource.system(), SECONDS, SIZE);
        Habits habits =
                new Habits(
                        reader.integer("sessions", 1000, 1, 10_000),
                        reader.seconds("ramp", 60),
                        Duration.ofMillis(reader.integer("pause", 3000, 0, 600_000)),
                        reader.integer("account-percent", 25, 1, 100),
                        reader.integer("publish-percent", 2, 0, 100),
                        reader.integer("stream-percent", 50, 0, 100));
        progress.accept(
                habits.sessions()
                        + " sessions at "
                        + options.registry()
                        + ", all within "
                        + habits.ramp().toSeconds()
                        + " s and then for "
                        + options.duration().toSeconds()
                        + " s, with "
                        + options.tokens().size()
                        + " tokens");
        return new Load(
                protocol(options.registry()),
                List.of(
                        sessions(options, habits)
                                .injectOpen(rampUsers(habits.sessions()).during(habits.ramp()))),
                options.targets()
                        .of(List.of(PublishSteps.PUBLISH, PUBLISHES, PLUGIN, ACCOUNT, TOKENS)));
    }

    private static ScenarioBuilder sessions(PublisherOptions options, Habits habits) {
        Stream<Map<String, Object>> publishers =
                IntStream.range(0, habits.sessions())
                        .mapToObj(
                                number ->
                                        Map.of(
                                                "number",
                                                number,
                                                "count",
                                                0,
                                                "token",
                                                options.token(number)));
        return scenario("sessions")
                .exec(
                        feed(publishers.iterator()),
                        publish(FIRST, options, habits),
                        // Whoever comes first stays until the last one has been there as long.
                        during(options.duration().plus(habits.ramp()))
                                .on(
                                        pause(
                                                habits.pause().dividedBy(2),
                                                habits.pause().multipliedBy(3).dividedBy(2)),
                                        look(),
                                        randomSwitch()
                                                .on(percent(habits.account()).then(account())),
                                        randomSwitch()
                                                .on(
                                                        percent(habits.publish())
                                                                .then(
                                                                        publish(
                                                                                PublishSteps
                                                                                        .PUBLISH,
                                                                                options,
                                                                                habits)))));
    }

    private static ChainBuilder publish(String name, PublisherOptions options, Habits habits) {
        return exec(session -> next(session, options))
                .exec(PublishSteps.publish(name, "respond-async"))
                .exec(
                        randomSwitch()
                                .on(
                                        percent(habits.stream()).then(PublishSteps.stream()),
                                        percent(100.0 - habits.stream())
                                                .then(PublishSteps.follow())))
                .exec(
                        doIfOrElse(Session::isFailed)
                                .then(PublishSteps.recover())
                                .orElse(
                                        exec(
                                                session ->
                                                        session.set(
                                                                "live",
                                                                PublishSteps.jar(session)))));
    }

    private static Session next(Session session, PublisherOptions options) {
        int number = session.getInt("number");
        int count = session.getInt("count");
        PluginJar jar =
                PluginJar.of(
                        options.namespace(number),
                        "session-%05d".formatted(number),
                        "1." + count + ".0",
                        options.size());
        return session.set("jar", jar).set("count", count + 1);
    }

    /** What was live is shown; nothing is looked for before the first publish has worked. */
    private static ChainBuilder look() {
        return exec(authorized(PUBLISHES, "/api/v1/publishes")
                        .check(jsonPath("$.publishes[0].state").exists()))
                .exec(
                        doIf("#{live.exists()}")
                                .then(
                                        http(PLUGIN)
                                                .get(
                                                        session ->
                                                                "/api/v1/plugins/"
                                                                        + live(session).plugin())
                                                .check(
                                                        status().is(200),
                                                        jsonPath("$.latest_version")
                                                                .is(
                                                                        session ->
                                                                                live(session)
                                                                                        .version()))));
    }

    /** The token that is sent is one of those of the account. */
    private static ChainBuilder account() {
        return exec(
                authorized(ACCOUNT, "/api/v1/account").check(jsonPath("$.account").exists()),
                authorized(TOKENS, "/api/v1/account/tokens")
                        .check(jsonPath("$.tokens[0].id").exists()));
    }

    private static HttpRequestActionBuilder authorized(String name, String path) {
        return http(name)
                .get(path)
                .header("Authorization", "Bearer #{token}")
                .check(status().is(200));
    }

    private static PluginJar live(Session session) {
        return attribute(session, "live", PluginJar.class);
    }
}
