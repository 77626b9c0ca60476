package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.bodyBytes;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.group;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;

import java.util.List;
import java.util.function.Consumer;

/**
 * Hosts that start without a cache: each resolves its plugins and downloads every artifact of the
 * plan, some at a time, as the loader does. Options are those of {@link HostStartOptions}, as
 * system properties; {@code docs/operations/load-tests.md}.
 */
public final class HostStartSimulation extends LoadSimulation {

    private static final String START = "host start";

    public HostStartSimulation() {
        super(HostStartSimulation::prepare);
    }

    private static Load prepare(OptionReader reader, Consumer<String> progress) {
        HostStartOptions options = HostStartOptions.read(reader);
        ResolveRequests.Plan plan = plan(options);
        progress.accept(
                options.hosts()
                        + " hosts start "
                        + options.starts()
                        + " times each, with "
                        + plan.artifacts().size()
                        + " plugins of "
                        + plan.artifacts().stream().mapToLong(Artifact::size).sum()
                        + " bytes, "
                        + options.parallel()
                        + " at a time, through "
                        + options.edge());
        return new Load(
                protocol(options.edge()).maxConnectionsPerHost(options.parallel()),
                List.of(
                        scenario("hosts")
                                .exec(repeat(options.starts()).on(start(plan)))
                                .injectOpen(atOnceUsers(options.hosts()))),
                options.targets().of(List.of(START)));
    }

    private static ResolveRequests.Plan plan(HostStartOptions options) {
        try (RegistryClient client = new RegistryClient(options.edge(), "edge")) {
            return new ResolveRequests(
                            client,
                            new Catalogue(client).plugins("name", options.maxPlugins()),
                            options.seed())
                    .plan(options.plugins());
        }
    }

    private static ChainBuilder start(ResolveRequests.Plan plan) {
        return group(START)
                .on(
                        exec(
                                http("resolve")
                                        .post(ResolveRequests.RESOLVE)
                                        .header("Content-Type", "application/json")
                                        .body(StringBody(plan.request().body()))
                                        .check(
                                                status().is(200),
                                                jsonPath("$.digest").is(plan.request().digest()))
                                        .resources(
                                                plan.artifacts().stream()
                                                        .map(HostStartSimulation::download)
                                                        .toList())));
    }

    private static HttpRequestActionBuilder download(Artifact artifact) {
        return http("artifact")
                .get("/artifacts/sha256/" + artifact.hex())
                .check(
                        status().is(200),
                        bodyBytes().transform(DownloadSimulation::sha256).is(artifact.hex()));
    }
}
