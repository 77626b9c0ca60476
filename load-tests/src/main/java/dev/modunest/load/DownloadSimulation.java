package dev.modunest.load;

import static io.gatling.javaapi.core.CoreDsl.bodyBytes;
import static io.gatling.javaapi.core.CoreDsl.bodyLength;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.doSwitch;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.onCase;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.http.HttpRequestActionBuilder;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Downloads artifacts through an edge at a constant rate and checks every answer. Options are those
 * of {@link DownloadOptions}, as system properties; {@code docs/operations/load-tests.md}.
 */
public final class DownloadSimulation extends LoadSimulation {

    private static final String PATH = "/artifacts/sha256/#{hex}";
    private static final String ENTITY_TAG = "\"sha256:#{hex}\"";

    public DownloadSimulation() {
        super(DownloadSimulation::prepare);
    }

    private static Load prepare(OptionReader reader, Consumer<String> progress) {
        DownloadOptions options = DownloadOptions.read(reader);
        List<Artifact> artifacts = Catalogue.artifacts(options);
        progress.accept(
                options.rate()
                        + " requests/s for "
                        + options.duration().toSeconds()
                        + " s of "
                        + artifacts.size()
                        + " artifacts through "
                        + options.edge());
        return new Load(
                protocol(options.edge()).shareConnections(),
                List.of(
                        downloads(new DownloadFeeder(artifacts, options))
                                .injectOpen(
                                        constantUsersPerSec(options.rate())
                                                .during(options.duration()))),
                options.targets().ofAll(),
                Optional.of(
                        new Cost(options.edge(), options.rate() * options.duration().toSeconds())));
    }

    private static ScenarioBuilder downloads(DownloadFeeder feeder) {
        return scenario("downloads").exec(feed(feeder), download());
    }

    /** The request that a {@link DownloadFeeder} has chosen. */
    static ChainBuilder download() {
        return doSwitch("#{kind}")
                .on(
                        onCase(DownloadFeeder.Kind.PLAIN.key()).then(plain()),
                        onCase(DownloadFeeder.Kind.HASHED.key()).then(hashed()),
                        onCase(DownloadFeeder.Kind.RANGE.key()).then(range()),
                        onCase(DownloadFeeder.Kind.REVALIDATION.key()).then(revalidation()));
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

    static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
