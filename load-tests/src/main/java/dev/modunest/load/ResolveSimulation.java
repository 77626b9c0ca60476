package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.during;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Resolves many roots, then verifies locks, each for the duration with a few clients that send one
 * request after the other. Options are those of {@link ResolveOptions}, as system properties;
 * {@code docs/operations/load-tests.md}.
 */
public final class ResolveSimulation extends LoadSimulation {

    /**
     * What is asked.
     *
     * @param name of the requests
     * @param digest the JSON path of the digest in an answer
     */
    private record Question(
            String name, String path, String digest, Iterator<ResolveRequests.Request> requests) {}

    private static final String RESOLVE = "resolve";
    private static final String VERIFY = "verify";

    public ResolveSimulation() {
        super(ResolveSimulation::prepare);
    }

    private static Load prepare(OptionReader reader, Consumer<String> progress) {
        ResolveOptions options = ResolveOptions.read(reader);
        List<ResolveRequests.Pair> pairs = pairs(options);
        progress.accept(
                options.clients()
                        + " clients resolve "
                        + options.roots()
                        + " roots to locks of "
                        + pairs.stream().map(pair -> pair.resolve().steps()).toList()
                        + " steps, then verify locks of "
                        + pairs.stream().map(pair -> pair.verify().steps()).toList()
                        + " steps, each for "
                        + options.read().duration().toSeconds()
                        + " s");
        List<Assertion> figures = new ArrayList<>(options.read().targets().of(List.of(RESOLVE)));
        figures.addAll(options.verify().of(List.of(VERIFY)));
        Question resolve =
                new Question(
                        RESOLVE,
                        ResolveRequests.RESOLVE,
                        "$.digest",
                        inTurn(pairs, ResolveRequests.Pair::resolve));
        Question verify =
                new Question(
                        VERIFY,
                        ResolveRequests.VERIFY,
                        "$[?(@.valid == true)].digest",
                        inTurn(pairs, ResolveRequests.Pair::verify));
        return new Load(
                protocol(options.read().registry()),
                List.of(clients(resolve, options).andThen(clients(verify, options))),
                figures);
    }

    private static List<ResolveRequests.Pair> pairs(ResolveOptions options) {
        List<ResolveRequests.Pair> pairs = new ArrayList<>();
        ReadOptions read = options.read();
        try (RegistryClient client = new RegistryClient(read.registry(), "registry")) {
            ResolveRequests requests =
                    new ResolveRequests(
                            client,
                            new Catalogue(client).plugins("name", read.maxPlugins()),
                            read.seed());
            for (int variant = 0; variant < options.variants(); variant++) {
                pairs.add(requests.next(options.roots(), options.lockSize()));
            }
        }
        return pairs;
    }

    private static Iterator<ResolveRequests.Request> inTurn(
            List<ResolveRequests.Pair> pairs,
            Function<ResolveRequests.Pair, ResolveRequests.Request> half) {
        return Stream.iterate(0, turn -> (turn + 1) % pairs.size())
                .map(turn -> half.apply(pairs.get(turn)))
                .iterator();
    }

    private static PopulationBuilder clients(Question question, ResolveOptions options) {
        return scenario(question.name())
                .exec(
                        during(options.read().warmUp()).on(ask(question, options, true)),
                        during(options.read().duration()).on(ask(question, options, false)))
                .injectOpen(atOnceUsers(options.clients()));
    }

    /** The same body has to give the same lock each time. */
    private static ChainBuilder ask(Question question, ResolveOptions options, boolean silent) {
        return pace(options.pace())
                .exec(session -> session.set("asked", next(question.requests())))
                .exec(
                        request(
                                http(question.name())
                                        .post(question.path())
                                        .header("Content-Type", "application/json")
                                        .body(StringBody(session -> asked(session).body()))
                                        .check(
                                                status().is(200),
                                                jsonPath(question.digest())
                                                        .is(session -> asked(session).digest())),
                                silent));
    }

    /** Clients are on threads of their own. */
    private static ResolveRequests.Request next(Iterator<ResolveRequests.Request> requests) {
        synchronized (requests) {
            return requests.next();
        }
    }

    private static ResolveRequests.Request asked(Session session) {
        return attribute(session, "asked", ResolveRequests.Request.class);
    }
}
