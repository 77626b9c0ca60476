package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.doIfOrElse;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.substring;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Asks for release documents and indexes of as many plugins as it can learn of, at a constant rate.
 * With tokens half of the requests are authenticated, so that a run compares both. Options are
 * those of {@link ReadOptions}, {@code max-lookups} and {@code token-file}, as system properties;
 * {@code docs/operations/load-tests.md}.
 */
public final class DocumentSimulation extends LoadSimulation {

    private static final int RATE = 500;
    private static final int MAX_PLUGINS = 100_000;

    public DocumentSimulation() {
        super(DocumentSimulation::prepare);
    }

    private static Load prepare(OptionReader reader, Consumer<String> progress) {
        ReadOptions options = ReadOptions.read(reader, RATE, MAX_PLUGINS);
        int maxLookups = reader.integer("max-lookups", 1000, 0, MAX_PLUGINS);
        List<String> tokens = reader.namedTokens();
        List<DocumentFeeder.Versions> plugins = plugins(options, maxLookups);
        progress.accept(
                options.rate()
                        + " documents/s for "
                        + options.duration().toSeconds()
                        + " s of "
                        + plugins.size()
                        + " plugins of "
                        + options.registry()
                        + (tokens.isEmpty()
                                ? ""
                                : ", half of them with " + tokens.size() + " tokens"));
        DocumentFeeder feeder = new DocumentFeeder(plugins, tokens, options.seed());
        List<Assertion> figures = new ArrayList<>(options.targets().ofAll());
        figures.addAll(options.targets().of(feeder.names()));
        return new Load(
                protocol(options.registry()).shareConnections(),
                List.of(options.atRate(silent -> documents(feeder, silent))),
                figures);
    }

    /**
     * All versions of {@code maxLookups} plugins, the latest of the others: a list of plugins tells
     * no more. Looking a plugin up brings none of its documents into the registry's caches.
     */
    private static List<DocumentFeeder.Versions> plugins(ReadOptions options, int maxLookups) {
        List<DocumentFeeder.Versions> known = new ArrayList<>();
        try (RegistryClient client = new RegistryClient(options.registry(), "registry")) {
            Catalogue catalogue = new Catalogue(client);
            List<PluginSummary> plugins =
                    new ArrayList<>(catalogue.plugins("name", options.maxPlugins()));
            Collections.shuffle(plugins, new Random(options.seed()));
            for (PluginSummary plugin : plugins) {
                List<String> versions = List.of(plugin.latestVersion());
                if (known.size() < maxLookups) {
                    versions = catalogue.versions(plugin);
                }
                known.add(new DocumentFeeder.Versions(plugin.id(), versions));
            }
        }
        return known;
    }

    private static ScenarioBuilder documents(DocumentFeeder feeder, boolean silent) {
        return scenario(name("documents", silent))
                .exec(
                        feed(feeder),
                        doIfOrElse("#{token.exists()}")
                                .then(
                                        request(
                                                document()
                                                        .header("Authorization", "Bearer #{token}"),
                                                silent))
                                .orElse(request(document(), silent)));
    }

    private static HttpRequestActionBuilder document() {
        return http("#{request}")
                .get("#{path}")
                .check(status().is(200), substring("\"coordinate\":\"#{coordinate}\"").exists());
    }
}
