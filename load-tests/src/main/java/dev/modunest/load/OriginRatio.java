package dev.modunest.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Compares downloads from a registry with those of the same objects from its S3 service: publishes
 * a plugin of each size and lets {@link Wrk} ask for both in turn. Needs the classes of this module
 * alone. {@code docs/operations/load-tests.md} has the options.
 */
public final class OriginRatio {

    private static final List<Integer> SIZES = List.of(64 << 10, 1 << 20, 20 << 20);
    private static final Duration EXPIRES = Duration.ofHours(12);
    private static final int CREATED = 201;
    private static final int OK = 200;

    private final PublisherOptions options;
    private final URI bucket;
    private final PresignedUrl presigned;
    private final Wrk wrk;
    private final int rounds;
    private final double minRatio;
    private final InstantSource clock;

    OriginRatio(
            OptionReader reader,
            Function<String, @Nullable String> environment,
            InstantSource clock) {
        this.clock = clock;
        this.options = PublisherOptions.read(reader, clock, 10, 1 << 20);
        this.bucket =
                URI.create(
                        reader.url("s3", "http://127.0.0.1:9000")
                                + "/"
                                + reader.text("bucket", "modunest"));
        this.presigned =
                new PresignedUrl(
                        reader.text("region", "us-east-1"),
                        required(environment, "AWS_ACCESS_KEY_ID"),
                        required(environment, "AWS_SECRET_ACCESS_KEY"),
                        EXPIRES);
        this.wrk =
                new Wrk(
                        reader.text("wrk", "wrk"),
                        reader.integer("connections", 8, 1, 1000),
                        options.duration());
        this.rounds = reader.integer("rounds", 3, 1, 100);
        this.minRatio = reader.fraction("min-ratio", 0, 0, 10);
    }

    private static String required(Function<String, @Nullable String> environment, String name) {
        String value = environment.apply(name);
        if (value == null) {
            throw new LoadTestException(
                    "the environment has no " + name + ", which reads the bucket");
        }
        return value;
    }

    /** Exit code 0 when all ratios are high enough, 1 when one is not, 2 when none was measured. */
    public static void main(String[] arguments) {
        System.exit(
                run(
                        OptionReader.ofSystem(),
                        System::getenv,
                        InstantSource.system(),
                        System.out,
                        System.err));
    }

    static int run(
            OptionReader reader,
            Function<String, @Nullable String> environment,
            InstantSource clock,
            PrintStream out,
            PrintStream err) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return new OriginRatio(reader, environment, clock).measure(client, out) ? 0 : 1;
        } catch (LoadTestException impossible) {
            err.println(impossible.getMessage());
            return 2;
        }
    }

    private boolean measure(HttpClient client, PrintStream out) {
        boolean enough = true;
        for (int size : SIZES) {
            PluginJar jar = PluginJar.of(options.namespace(0), "ratio-" + size, "1.0.0", size);
            publish(client, jar);
            String hex = jar.digest().substring("sha256:".length());
            String origin = options.registry() + "/artifacts/sha256/" + hex;
            URI object =
                    URI.create(bucket + "/artifacts/sha256/" + hex.substring(0, 2) + "/" + hex);
            String direct = presigned.of(object, clock.instant());
            check(client, origin, size);
            check(client, direct, size);
            enough &= compare(size, origin, direct, out);
        }
        return enough;
    }

    /** In turn, so that both have the same of what else the machine does; the medians. */
    private boolean compare(int size, String origin, String direct, PrintStream out) {
        double[] ofOrigin = new double[rounds];
        double[] ofS3 = new double[rounds];
        wrk.requestsPerSecond(origin);
        wrk.requestsPerSecond(direct);
        for (int round = 0; round < rounds; round++) {
            ofOrigin[round] = wrk.requestsPerSecond(origin);
            ofS3[round] = wrk.requestsPerSecond(direct);
        }
        double ratio = median(ofOrigin) / median(ofS3);
        out.println(
                String.format(
                        Locale.ROOT,
                        "%,11d bytes  origin %9.1f/s  s3 %9.1f/s  ratio %.2f",
                        size,
                        median(ofOrigin),
                        median(ofS3),
                        ratio));
        return ratio >= minRatio;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private void publish(HttpClient client, PluginJar jar) {
        HttpRequest request =
                HttpRequest.newBuilder(options.registry().resolve(jar.path()))
                        .header("Authorization", "Bearer " + options.token(0))
                        .header("Content-Type", "application/java-archive")
                        .header("Prefer", "wait=60")
                        .PUT(BodyPublishers.ofByteArray(jar.bytes()))
                        .build();
        HttpResponse<byte[]> response = send(client, request);
        if (response.statusCode() != CREATED) {
            throw new LoadTestException(
                    request.uri() + " answered " + response.statusCode() + " to a publish");
        }
    }

    /** Both sides have to give the same bytes before they are compared. */
    private static void check(HttpClient client, String url, int size) {
        HttpResponse<byte[]> response =
                send(client, HttpRequest.newBuilder(URI.create(url)).build());
        if (response.statusCode() != OK || response.body().length != size) {
            throw new LoadTestException(
                    response.uri().getPath()
                            + " answered "
                            + response.statusCode()
                            + " with "
                            + response.body().length
                            + " bytes, not 200 with "
                            + size);
        }
    }

    private static HttpResponse<byte[]> send(HttpClient client, HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (IOException unreachable) {
            throw new LoadTestException(
                    "nobody answers at " + request.uri().getAuthority() + ": " + unreachable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LoadTestException("interrupted while asking " + request.uri().getPath());
        }
    }
}
