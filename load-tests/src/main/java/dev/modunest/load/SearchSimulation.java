package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.bodyString;
import static io.gatling.javaapi.core.CoreDsl.doIf;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Searches at a constant rate and checks every page. Options are those of {@link ReadOptions}, as
 * system properties; {@code docs/operations/load-tests.md}.
 */
public final class SearchSimulation extends LoadSimulation {

    private static final int RATE = 50;
    private static final int MAX_PLUGINS = 8000;
    private static final List<String> ORDERS = List.of("name", "newest", "updated", "downloads");

    public SearchSimulation() {
        super(SearchSimulation::prepare);
    }

    private static Load prepare(OptionReader reader, Consumer<String> progress) {
        ReadOptions options = ReadOptions.read(reader, RATE, MAX_PLUGINS);
        List<PluginSummary> plugins = sample(options);
        progress.accept(
                options.rate()
                        + " searches/s for "
                        + options.duration().toSeconds()
                        + " s for what "
                        + plugins.size()
                        + " plugins of "
                        + options.registry()
                        + " have");
        SearchFeeder feeder = new SearchFeeder(plugins, options.seed());
        return new Load(
                protocol(options.registry()).shareConnections(),
                List.of(options.atRate(silent -> searches(feeder, silent))),
                options.targets().ofAll());
    }

    /** As many from the begin of each order, since nobody can ask for plugins at random. */
    static List<PluginSummary> sample(ReadOptions options) {
        Set<PluginSummary> plugins = new LinkedHashSet<>();
        try (RegistryClient client = new RegistryClient(options.registry(), "registry")) {
            for (String order : ORDERS) {
                plugins.addAll(
                        new Catalogue(client)
                                .plugins(order, Math.ceilDiv(options.maxPlugins(), ORDERS.size())));
            }
        }
        return List.copyOf(plugins);
    }

    private static ScenarioBuilder searches(SearchFeeder feeder, boolean silent) {
        return scenario(name("searches", silent)).exec(feed(feeder), search(silent));
    }

    /** The search that a {@link SearchFeeder} has chosen, with its second page where it has one. */
    static ChainBuilder search(boolean silent) {
        return exec(
                request(firstPage(), silent),
                doIf(session -> search(session).next() && session.contains("next"))
                        .then(request(secondPage(), silent)));
    }

    private static HttpRequestActionBuilder firstPage() {
        return http("#{request}")
                .get("#{path}")
                .check(
                        status().is(200),
                        bodyString()
                                .transformWithSession(
                                        (body, session) -> search(session).fault(body))
                                .is(""),
                        jsonPath("$.next").optional().saveAs("next"),
                        jsonPath("$.plugins[*].plugin").findAll().optional().saveAs("found"));
    }

    private static HttpRequestActionBuilder secondPage() {
        return http("search, second page")
                .get("#{next}")
                .check(
                        status().is(200),
                        bodyString()
                                .transformWithSession(
                                        (body, session) ->
                                                search(session)
                                                        .secondPageFault(
                                                                body, session.getList("found")))
                                .is(""));
    }

    private static Search search(Session session) {
        return attribute(session, "search", Search.class);
    }
}
