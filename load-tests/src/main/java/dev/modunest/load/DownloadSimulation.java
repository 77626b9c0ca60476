package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.bodyBytes;
import static io.gatling.javaapi.core.CoreDsl.bodyLength;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.doSwitch;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.onCase;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Downloads artifacts through an edge at a constant rate and checks every answer. Options are those
 * of {@link LoadOptions}, as system properties; {@code docs/operations/load-tests.md}.
 */
public final class DownloadSimulation extends Simulation {

    private static final String PATH = "/artifacts/sha256/#{hex}";
    private static final String ENTITY_TAG = "\"sha256:#{hex}\"";

    private @Nullable LoadTestException refusal; // null when the run is possible

    public DownloadSimulation() {
        try {
            LoadOptions options = LoadOptions.read(System::getProperty);
            setUp(options, Catalogue.fetch(options));
        } catch (LoadTestException impossible) {
            refusal = impossible;
            setUp(scenario("none").exec(session -> session).injectOpen(atOnceUsers(1)));
        }
    }

    /** Refuses a run here: Gatling shows what a constructor throws as a trace of its launcher. */
    @Override
    public void before() {
        if (refusal != null) {
            throw refusal;
        }
    }

    private void setUp(LoadOptions options, List<Artifact> artifacts) {
        System.out.println(
                options.rate()
                        + " requests/s for "
                        + options.duration().toSeconds()
                        + " s of "
                        + artifacts.size()
                        + " artifacts through "
                        + options.edge());
        setUp(
                        downloads(new DownloadFeeder(artifacts, options))
                                .injectOpen(
                                        constantUsersPerSec(options.rate())
                                                .during(options.duration())))
                .protocols(protocol(options))
                .assertions(
                        global().failedRequests().count().is(0L),
                        global().successfulRequests().percent().is(100.0));
    }

    private static HttpProtocolBuilder protocol(LoadOptions options) {
        return http.baseUrl(options.edge().toString())
                .disableWarmUp()
                .disableCaching()
                .disableFollowRedirect()
                .userAgentHeader("modunest-load-tests")
                .shareConnections();
    }

    private static ScenarioBuilder downloads(DownloadFeeder feeder) {
        return scenario("downloads")
                .exec(
                        feed(feeder),
                        doSwitch("#{kind}")
                                .on(
                                        onCase(DownloadFeeder.Kind.PLAIN.key()).then(plain()),
                                        onCase(DownloadFeeder.Kind.HASHED.key()).then(hashed()),
                                        onCase(DownloadFeeder.Kind.RANGE.key()).then(range()),
                                        onCase(DownloadFeeder.Kind.REVALIDATION.key())
                                                .then(revalidation())));
    }

    private static ChainBuilder plain() {
        return exec(whole("download"));
    }

    private static ChainBuilder hashed() {
        return exec(
                whole("download, hashed")
                        .check(bodyBytes().transform(DownloadSimulation::sha256).isEL("#{hex}")));
    }

    private static HttpRequestActionBuilder whole(String name) {
        return http(name)
                .get(PATH)
                .check(
                        status().is(200),
                        header("ETag").isEL(ENTITY_TAG),
                        bodyLength().isEL("#{size}"));
    }

    private static ChainBuilder range() {
        return exec(
                http("range")
                        .get(PATH)
                        .header("Range", "bytes=#{first}-#{last}")
                        .check(
                                status().is(206),
                                header("ETag").isEL(ENTITY_TAG),
                                header("Content-Range").isEL("bytes #{first}-#{last}/#{size}"),
                                bodyLength().isEL("#{part}")));
    }

    private static ChainBuilder revalidation() {
        return exec(
                http("revalidation")
                        .get(PATH)
                        .header("If-None-Match", ENTITY_TAG)
                        .check(status().is(304), header("ETag").isEL(ENTITY_TAG)));
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
