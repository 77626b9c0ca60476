package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** A run that passes with no failed request, and says in one sentence when it cannot start. */
abstract class LoadSimulation extends Simulation {

    private @Nullable LoadTestException refusal; // null when the run is possible
    private Optional<Cost> cost = Optional.empty();

    /**
     * What a run is made of.
     *
     * @param cost whose CPU time is told at the end
     */
    record Load(
            HttpProtocolBuilder protocol,
            List<PopulationBuilder> users,
            List<Assertion> figures,
            Optional<Cost> cost) {

        Load(HttpProtocolBuilder protocol, List<PopulationBuilder> users, List<Assertion> figures) {
            this(protocol, users, figures, Optional.empty());
        }
    }

    /** Reads options, looks at the registry and sets up what {@code preparation} makes of them. */
    LoadSimulation(Preparation preparation) {
        try {
            Load load = preparation.prepare(OptionReader.ofSystem(), System.out::println);
            List<Assertion> assertions = new ArrayList<>(load.figures());
            assertions.add(global().failedRequests().count().is(0L));
            assertions.add(global().successfulRequests().percent().is(100.0));
            cost = load.cost();
            setUp(load.users()).protocols(load.protocol()).assertions(assertions);
        } catch (LoadTestException impossible) {
            refusal = impossible;
            setUp(scenario("none").exec(session -> session).injectOpen(atOnceUsers(1)));
        }
    }

    interface Preparation {

        /**
         * Makes a run.
         *
         * @param progress is told what the run will be
         * @throws LoadTestException when there can be none
         */
        Load prepare(OptionReader reader, Consumer<String> progress);
    }

    /** Refuses a run here: Gatling shows what a constructor throws as a trace of its launcher. */
    @Override
    public void before() {
        if (refusal != null) {
            throw refusal;
        }
        cost.ifPresent(Cost::begin);
    }

    @Override
    public void after() {
        cost.flatMap(Cost::end).ifPresent(System.out::println);
    }

    /** Connections are kept; each user has its own. */
    static HttpProtocolBuilder protocol(URI base) {
        return http.baseUrl(base.toString())
                .disableWarmUp()
                .disableCaching()
                .disableFollowRedirect()
                .disableUrlEncoding()
                .userAgentHeader("modunest-load-tests");
    }

    /** What a session has under {@code name}. */
    static <T> T attribute(Session session, String name, Class<T> type) {
        return type.cast(Objects.requireNonNull(session.<Object>get(name), name));
    }

    /** A silent request is in no figure and fails nothing. */
    static HttpRequestActionBuilder request(HttpRequestActionBuilder request, boolean silent) {
        return silent ? request.silent() : request;
    }

    static String name(String scenario, boolean silent) {
        return silent ? scenario + ", warm-up" : scenario;
    }
}
