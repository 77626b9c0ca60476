package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.group;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Publishes plugins from a few clients, each one after the other and to its end. Options are those
 * of {@link PublisherOptions}, {@code clients}, {@code pace}, {@code min-rate} and {@code signed},
 * as system properties; {@code docs/operations/load-tests.md}.
 */
public final class PublishSimulation extends LoadSimulation {

    static final String LIVE = "publish to live";
    private static final int SECONDS = 60;
    private static final int SIZE = 100 << 10;
    private static final int VERSIONS = 10;

    public PublishSimulation() {
        super(PublishSimulation::prepare);
    }

    private static Load prepare(OptionReader reader, Consumer<String> progress) {
        PublisherOptions options =
                PublisherOptions.read(reader, InstantSource.system(), SECONDS, SIZE);
        int clients = reader.integer("clients", 8, 1, 1000);
        Duration pace = Duration.ofMillis(reader.integer("pace", 200, 0, 60_000));
        double minRate = reader.fraction("min-rate", 0, 0, 10_000);
        boolean signed = reader.flag("signed");
        Map<String, PublisherKey> keys = signed ? keys(options, clients) : Map.of();
        progress.accept(
                clients
                        + (signed
                                ? " clients sign and publish plugins of "
                                : " clients publish plugins of ")
                        + options.size()
                        + " bytes in "
                        + options.namespace(0)
                        + " to "
                        + options.registry()
                        + " for "
                        + options.duration().toSeconds()
                        + " s");
        List<Assertion> figures = new ArrayList<>(options.targets().of(List.of(LIVE)));
        figures.add(details(LIVE).requestsPerSec().gte(minRate));
        return new Load(
                protocol(options.registry()),
                List.of(publishers(options, clients, pace, keys).injectOpen(atOnceUsers(clients))),
                figures);
    }

    /** A key for each namespace, certified before the load. */
    private static Map<String, PublisherKey> keys(PublisherOptions options, int clients) {
        Map<String, PublisherKey> keys = new HashMap<>();
        try (RegistryClient registry = new RegistryClient(options.registry(), "registry")) {
            for (int client = 0; client < clients; client++) {
                String token = options.token(client);
                keys.computeIfAbsent(
                        options.namespace(client),
                        namespace -> PublisherKey.certify(registry, namespace, token));
            }
        }
        return keys;
    }

    static ScenarioBuilder publishers(
            PublisherOptions options, int clients, Duration pace, Map<String, PublisherKey> keys) {
        ChainBuilder publish =
                keys.isEmpty()
                        ? PublishSteps.publish(PublishSteps.PUBLISH, "wait=2")
                        : PublishSteps.publishSigned(PublishSteps.PUBLISH, "wait=2");
        Stream<Map<String, Object>> publishers =
                IntStream.range(0, clients)
                        .mapToObj(
                                client -> Map.of("client", client, "token", options.token(client)));
        return scenario("publishers")
                .exec(
                        feed(publishers.iterator()),
                        exec(session -> session.set("count", 0)),
                        during(options.duration())
                                .on(
                                        pace(pace),
                                        exec(session -> next(session, options, keys)),
                                        group(LIVE).on(publish, PublishSteps.follow()),
                                        PublishSteps.recover()));
    }

    /**
     * A few versions of a plugin, then the next plugin; names of one length do not look alike. Jar
     * and signature are made here, ahead of what is measured.
     */
    private static Session next(
            Session session, PublisherOptions options, Map<String, PublisherKey> keys) {
        int client = session.getInt("client");
        int count = session.getInt("count");
        PluginJar jar =
                PluginJar.of(
                        options.namespace(client),
                        "client-%03d-%06d".formatted(client, count / VERSIONS),
                        "1." + count % VERSIONS + ".0",
                        options.size());
        PublisherKey key = keys.get(options.namespace(client));
        return (key == null ? session : session.set("signature", key.sign(jar)))
                .set("jar", jar)
                .set("count", count + 1);
    }
}
