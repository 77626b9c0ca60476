package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.http.Problem;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.x509.GeneralName;
import dev.modunest.settings.Secret;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Sends jars to a registry, several at a time, each after its signature and after those of the same
 * call that it requires. Where the registry is busy (503, 429) it waits as {@code Retry-After} says
 * and tries again, {@value #ATTEMPTS} times in all.
 */
final class PublishClient implements AutoCloseable {

    static final int ATTEMPTS = 8;

    private static final int CREATED = 201;
    private static final int ACCEPTED = 202;

    private static final long MAX_DOCUMENT_BYTES = 4 << 20;
    private static final Duration CONNECT_AT_MOST = Duration.ofSeconds(5);
    private static final Duration ANSWER_AT_MOST = Duration.ofMinutes(10);
    private static final Duration LOOK_UP_AT_MOST = Duration.ofSeconds(30);
    private static final Duration WAIT_AT_MOST = Duration.ofSeconds(30);
    private static final Duration FOLLOW_AT_MOST = Duration.ofHours(1);
    private static final Pattern PUBLISH_PATH = Pattern.compile("/api/v1/publishes/[0-9a-f-]{36}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI registry;
    private final PublishTokens tokens;
    private final PublishBundles bundles;
    private final int concurrency;
    private final HttpClient http;
    private final Consumer<Followed> following;

    /** What became of one jar. */
    sealed interface Outcome {

        Coordinate coordinate();

        /**
         * Live now.
         *
         * @param signed empty: nobody signed it
         */
        record Published(Coordinate coordinate, Digest digest, long size, Optional<Signed> signed)
                implements Outcome {}

        /** The registry has this version with these bytes already. */
        record Unchanged(Coordinate coordinate, Digest digest) implements Outcome {}

        record Refused(Coordinate coordinate, Problem problem) implements Outcome {}

        record Failed(Coordinate coordinate, String reason) implements Outcome {}
    }

    /**
     * Who signed a release.
     *
     * @param identity the URI in the certificate
     * @param bundle the digest of the publisher's part
     */
    record Signed(String identity, Digest bundle) {

        private static Signed of(ReleaseBundle bundle) {
            String identity =
                    bundle.certificate().names().stream()
                            .filter(GeneralName.Uri.class::isInstance)
                            .map(name -> ((GeneralName.Uri) name).uri())
                            .findFirst()
                            .orElse("nobody that its certificate names");
            return new Signed(identity, bundle.publisherDigest());
        }
    }

    /** A jar on its way. */
    private record Sent(PluginJar jar, Digest digest, List<ReleaseBundle> bundles) {

        Optional<Signed> signed() {
            return bundles.stream().findFirst().map(Signed::of);
        }

        Coordinate coordinate() {
            return jar.coordinate();
        }
    }

    /**
     * How far a publish is that the registry goes on with.
     *
     * @param position how many are served before it
     */
    record Followed(Coordinate coordinate, String state, int position) {

        private static Followed of(Coordinate coordinate, JsonNode document) {
            return new Followed(
                    coordinate, document.path("state").asText(), document.path("position").asInt());
        }
    }

    PublishClient(URI registry, Secret token, int concurrency) {
        this(registry, _ -> token, PublishBundles.NONE, concurrency, followed -> {});
    }

    /**
     * A client that tells {@code following} of publishes that take longer, from several threads.
     */
    PublishClient(
            URI registry,
            PublishTokens tokens,
            PublishBundles bundles,
            int concurrency,
            Consumer<Followed> following) {
        this.following = following;
        this.registry = registry;
        this.tokens = tokens;
        this.bundles = bundles;
        this.concurrency = concurrency;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT_AT_MOST)
                        .build();
    }

    /**
     * Publishes all of {@code jars}; tells {@code each} as it is decided; the answer is in the
     * order of {@code jars}.
     */
    List<Outcome> publish(List<PluginJar> jars, Consumer<Outcome> each) {
        Map<PluginId, List<PluginJar>> byId = new HashMap<>();
        jars.forEach(
                jar ->
                        byId.computeIfAbsent(jar.coordinate().plugin(), id -> new ArrayList<>())
                                .add(jar));
        Semaphore permits = new Semaphore(concurrency);
        Map<Coordinate, CompletableFuture<Outcome>> outcomes = new HashMap<>();
        List<CompletableFuture<Outcome>> inOrder = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (PluginJar jar : PluginJar.dependenciesFirst(jars)) {
                List<CompletableFuture<Outcome>> before =
                        jar.manifest().requires().stream()
                                .flatMap(d -> byId.getOrDefault(d.plugin(), List.of()).stream())
                                .map(needed -> outcomes.get(needed.coordinate()))
                                .filter(java.util.Objects::nonNull)
                                .toList();
                outcomes.put(
                        jar.coordinate(),
                        CompletableFuture.supplyAsync(
                                () -> publishAfter(before, permits, jar, each), threads));
            }
            jars.forEach(
                    jar ->
                            Optional.ofNullable(outcomes.get(jar.coordinate()))
                                    .ifPresent(inOrder::add));
            return inOrder.stream().map(CompletableFuture::join).toList();
        }
    }

    private Outcome publishAfter(
            List<CompletableFuture<Outcome>> before,
            Semaphore permits,
            PluginJar jar,
            Consumer<Outcome> each) {
        before.forEach(CompletableFuture::join);
        Outcome outcome = publish(jar, permits);
        each.accept(outcome);
        return outcome;
    }

    private Outcome publish(PluginJar jar, Semaphore permits) {
        Coordinate coordinate = jar.coordinate();
        try {
            List<ReleaseBundle> signed = bundles.bundles(jar);
            for (ReleaseBundle bundle : signed) {
                HttpResponse<byte[]> kept = sendPatiently(bundleRequest(jar, bundle), permits);
                if (kept.statusCode() != CREATED) {
                    return problem(coordinate, kept.body(), kept.statusCode());
                }
            }
            Sent sent = new Sent(jar, digest(jar.file()), signed);
            HttpResponse<byte[]> response = sendPatiently(request(sent), permits);
            return response.statusCode() == ACCEPTED
                    ? follow(sent, response)
                    : outcome(sent, response);
        } catch (ConnectException unreachable) {
            return new Outcome.Failed(
                    coordinate,
                    "nothing answers at "
                            + registry
                            + "; start it with ./modunest up or give --registry");
        } catch (PublishTokens.Refused | StandaloneException refused) {
            return new Outcome.Failed(coordinate, String.valueOf(refused.getMessage()));
        } catch (IOException failed) {
            return new Outcome.Failed(
                    coordinate, "the connection to " + registry + " failed: " + failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return new Outcome.Failed(coordinate, "interrupted");
        }
    }

    /** Waits where the registry is busy, and sends again. */
    private HttpResponse<byte[]> sendPatiently(HttpRequest request, Semaphore permits)
            throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            HttpResponse<byte[]> response = send(request, permits);
            boolean busy = response.statusCode() == 503 || response.statusCode() == 429;
            if (!busy || attempt == ATTEMPTS) {
                return response;
            }
            Thread.sleep(retryAfter(response, attempt));
        }
    }

    /** A permit is held for the upload alone: who waits for the registry leaves it to others. */
    private HttpResponse<byte[]> send(HttpRequest request, Semaphore permits)
            throws IOException, InterruptedException {
        permits.acquire();
        try {
            return http.send(request, document());
        } catch (ConnectException unreachable) {
            throw unreachable;
        } catch (IOException lost) {
            // The key makes it safe: what took effect without an answer is told again.
            return http.send(request, document());
        } finally {
            permits.release();
        }
    }

    /** Asks for a publish that goes on in the registry until it is over. */
    private Outcome follow(Sent sent, HttpResponse<byte[]> accepted)
            throws IOException, InterruptedException {
        URI publish = publishUri(accepted);
        long deadline = System.nanoTime() + FOLLOW_AT_MOST.toNanos();
        int failures = 0;
        while (System.nanoTime() - deadline < 0) {
            HttpResponse<byte[]> answer = http.send(get(publish, sent.jar()), document());
            boolean busy = answer.statusCode() == 503 || answer.statusCode() == 429;
            if (answer.statusCode() != 200 && (!busy || ++failures == ATTEMPTS)) {
                return outcome(sent, answer);
            }
            if (answer.statusCode() == 200) {
                failures = 0;
                JsonNode document = JSON.readTree(answer.body());
                String state = document.path("state").asText();
                if (state.equals("live")) {
                    return live(sent, answer.body());
                }
                if (state.equals("refused")) {
                    return refused(sent, JSON.writeValueAsBytes(document.path("problem")), 0);
                }
                following.accept(Followed.of(sent.coordinate(), document));
            }
            Thread.sleep(retryAfter(answer, failures));
        }
        return new Outcome.Failed(
                sent.coordinate(),
                "not over after "
                        + FOLLOW_AT_MOST.toMinutes()
                        + " minutes; the registry goes on with it, ask "
                        + publish);
    }

    /** The token goes to the registry alone, wherever the answer points. */
    private URI publishUri(HttpResponse<byte[]> accepted) throws IOException {
        String location = accepted.headers().firstValue("Location").orElse("");
        if (!PUBLISH_PATH.matcher(location).matches()) {
            throw new IOException("the registry accepted the jar and names no publish to follow");
        }
        return registry.resolve(location);
    }

    private HttpRequest get(URI uri, PluginJar jar) throws IOException, InterruptedException {
        return HttpRequest.newBuilder(uri)
                .timeout(LOOK_UP_AT_MOST)
                .header("Authorization", "Bearer " + token(jar))
                .build();
    }

    private String token(PluginJar jar) throws IOException, InterruptedException {
        return tokens.token(jar.coordinate().plugin()).value();
    }

    private HttpRequest bundleRequest(PluginJar jar, ReleaseBundle bundle)
            throws IOException, InterruptedException {
        return HttpRequest.newBuilder(registry.resolve(uri(jar.coordinate()) + "/bundle"))
                .timeout(LOOK_UP_AT_MOST)
                .header("Authorization", "Bearer " + token(jar))
                .header("Content-Type", ReleaseBundle.MEDIA_TYPE)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(bundle.publisherPart()))
                .build();
    }

    private HttpRequest request(Sent sent) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(sent.coordinate()))
                        .timeout(ANSWER_AT_MOST)
                        .header("Authorization", "Bearer " + token(sent.jar()))
                        .header("Content-Type", "application/java-archive")
                        .header("Repr-Digest", sent.digest().reprDigest())
                        .header("Idempotency-Key", UUID.randomUUID().toString())
                        .PUT(HttpRequest.BodyPublishers.ofFile(sent.jar().file()));
        if (!sent.bundles().isEmpty()) {
            request.header(
                    "Publisher-Bundle",
                    sent.bundles().stream()
                            .map(bundle -> bundle.publisherDigest().toString())
                            .collect(Collectors.joining(", ")));
        }
        return request.build();
    }

    private static Duration retryAfter(HttpResponse<?> response, int attempt) {
        Duration asked =
                response.headers()
                        .firstValue("Retry-After")
                        .filter(value -> value.matches("\\d{1,6}"))
                        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
                        .orElse(Duration.ofMillis(100L << attempt));
        return asked.compareTo(WAIT_AT_MOST) > 0 ? WAIT_AT_MOST : asked;
    }

    private Outcome outcome(Sent sent, HttpResponse<byte[]> response)
            throws IOException, InterruptedException {
        return response.statusCode() == CREATED
                ? live(sent, response.body())
                : refused(sent, response.body(), response.statusCode());
    }

    private static Outcome live(Sent sent, byte[] document) throws IOException {
        Digest live = digestOf(document);
        return live.equals(sent.digest())
                ? new Outcome.Published(
                        sent.coordinate(), live, Files.size(sent.jar().file()), sent.signed())
                : new Outcome.Failed(
                        sent.coordinate(),
                        "the registry says "
                                + live
                                + " where the jar is "
                                + sent.digest()
                                + "; something between here and there changes bytes");
    }

    private Outcome refused(Sent sent, byte[] document, int status)
            throws IOException, InterruptedException {
        Outcome problem = problem(sent.coordinate(), document, status);
        return problem instanceof Outcome.Refused refused
                        && refused.problem().code().equals("version-exists")
                        && isLive(sent.coordinate(), sent.digest())
                ? new Outcome.Unchanged(sent.coordinate(), sent.digest())
                : problem;
    }

    private static Outcome problem(Coordinate coordinate, byte[] document, int status) {
        Optional<Problem> problem = Problem.read(document);
        return problem.isPresent()
                ? new Outcome.Refused(coordinate, problem.get())
                : new Outcome.Failed(
                        coordinate, "the answer was " + status + " and no problem document");
    }

    /** Whether the registry has this release with these bytes. */
    private boolean isLive(Coordinate coordinate, Digest digest)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> release =
                http.send(
                        HttpRequest.newBuilder(uri(coordinate)).timeout(LOOK_UP_AT_MOST).build(),
                        document());
        return release.statusCode() == 200 && digestOf(release.body()).equals(digest);
    }

    private static Digest digestOf(byte[] releaseDocument) throws IOException {
        try {
            return Digest.parse(JSON.readTree(releaseDocument).path("digest").asText());
        } catch (IllegalArgumentException noDigest) {
            throw new IOException("the registry answered with no release document", noDigest);
        }
    }

    private static HttpResponse.BodyHandler<byte[]> document() {
        return HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), MAX_DOCUMENT_BYTES);
    }

    private URI uri(Coordinate coordinate) {
        return registry.resolve(
                "/api/v1/plugins/" + coordinate.plugin() + "/" + coordinate.version());
    }

    private static Digest digest(Path file) throws IOException {
        MessageDigest sha256 = Digest.newMessageDigest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return Digest.finish(sha256);
    }

    @Override
    public void close() {
        http.close();
    }
}
