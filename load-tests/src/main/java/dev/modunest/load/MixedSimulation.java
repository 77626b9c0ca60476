package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.group;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Publishers, searches and downloads at the same time, as on an ordinary day. Options are those of
 * {@link MixedOptions}, as system properties; {@code docs/operations/load-tests.md}.
 */
public final class MixedSimulation extends LoadSimulation {

    private static final String SEARCH = "searches";
    private static final String DOWNLOAD = "downloads";

    public MixedSimulation() {
        super(MixedSimulation::prepare);
    }

    private static Load prepare(OptionReader reader, Consumer<String> progress) {
        MixedOptions options = MixedOptions.read(reader, InstantSource.system());
        progress.accept(
                options.clients()
                        + " publishers, "
                        + options.searches()
                        + " searches/s and "
                        + options.downloads().rate()
                        + " downloads/s for "
                        + options.duration().toSeconds()
                        + " s");
        List<PopulationBuilder> users = new ArrayList<>();
        List<Assertion> figures = new ArrayList<>();
        addPublishers(options, users, figures);
        addSearches(options, users, figures);
        addDownloads(options, users, figures);
        return new Load(protocol(options.publishers().registry()), users, figures);
    }

    private static void addPublishers(
            MixedOptions options, List<PopulationBuilder> users, List<Assertion> figures) {
        users.add(
                PublishSimulation.publishers(
                                options.publishers(), options.clients(), options.pace(), Map.of())
                        .injectOpen(atOnceUsers(options.clients())));
        figures.addAll(options.publishers().targets().of(List.of(PublishSimulation.LIVE)));
    }

    private static void addSearches(
            MixedOptions options, List<PopulationBuilder> users, List<Assertion> figures) {
        if (options.searches() > 0) {
            ReadOptions read = options.reads();
            SearchFeeder feeder = new SearchFeeder(SearchSimulation.sample(read), read.seed());
            users.add(
                    at(
                                    SEARCH,
                                    feeder,
                                    SearchSimulation.search(false),
                                    options.searches(),
                                    options.duration())
                            .protocols(protocol(read.registry()).shareConnections()));
            figures.addAll(options.searchTargets().of(List.of(SEARCH)));
        }
    }

    private static void addDownloads(
            MixedOptions options, List<PopulationBuilder> users, List<Assertion> figures) {
        DownloadOptions downloads = options.downloads();
        DownloadFeeder feeder = new DownloadFeeder(Catalogue.artifacts(downloads), downloads);
        users.add(
                at(
                                DOWNLOAD,
                                feeder,
                                DownloadSimulation.download(),
                                downloads.rate(),
                                options.duration())
                        .protocols(protocol(downloads.edge()).shareConnections()));
        figures.addAll(options.downloadTargets().of(List.of(DOWNLOAD)));
    }

    private static PopulationBuilder at(
            String name,
            Iterator<Map<String, Object>> feeder,
            ChainBuilder request,
            int rate,
            Duration duration) {
        return scenario(name)
                .exec(feed(feeder), group(name).on(request))
                .injectOpen(constantUsersPerSec(rate).during(duration));
    }
}
