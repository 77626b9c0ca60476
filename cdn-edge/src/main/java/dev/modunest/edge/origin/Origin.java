package dev.modunest.edge.origin;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.edge.metrics.OriginSample;
import dev.modunest.telemetry.Tracing;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The origin, through all servers that are it. Every wait is bounded; every failed future carries
 * an {@link OriginFailure}, at once when no server can be asked. Responses are handed over paused,
 * on the event loop that will deliver them. Thread-safe.
 */
public final class Origin implements AutoCloseable {

    /** Who names the servers of the settings. */
    public static final String STATIC = "static";

    /** The head of a response that does not end, and its body, not started yet. */
    public record Followed(int status, @Nullable String contentType, OriginBody body) {}

    /** A request whose head is waited for, and how to give it up before that. */
    public record Asked(Future<HttpClientResponse> response, Consumer<OriginFailure> canceller) {

        public void cancel(OriginFailure reason) {
            canceller.accept(reason);
        }
    }

    private final OriginSettings settings;
    private final CdnLoop loop;
    private final EdgeMetrics metrics;
    private final Tracing tracing;
    private final OriginSet servers;
    private final OriginClient client;
    private final RetryBudget budget;
    private final Asking.Means means;
    private final Vertx vertx;
    private final long probing;

    /**
     * @param loop adds this edge to what is sent
     */
    public Origin(
            Vertx vertx,
            OriginSettings settings,
            CdnLoop loop,
            EdgeMetrics metrics,
            Tracing tracing) {
        this.tracing = tracing;
        this.vertx = vertx;
        this.settings = settings;
        this.loop = loop;
        this.metrics = metrics;
        this.servers = new OriginSet(settings, chooser(settings.choice()), System::nanoTime);
        this.client = new OriginClient(vertx, settings);
        this.budget = new RetryBudget(settings.retry(), System::nanoTime);
        this.means =
                new Asking.Means(
                        vertx,
                        settings,
                        servers,
                        client,
                        budget,
                        new LatencyWindow(settings.hedge().samples()),
                        metrics);
        servers.replace(STATIC, settings.uris().stream().map(OriginAddress::new).toList());
        metrics.watchOrigins(() -> servers.states().stream().map(Origin::sample).toList());
        this.probing = vertx.setPeriodic(settings.probe().interval().toMillis(), _ -> probeAll());
    }

    /** Ends the probes; what is under way ends by itself. */
    @Override
    public void close() {
        vertx.cancelTimer(probing);
    }

    private static Chooser chooser(Choice choice) {
        return switch (choice) {
            case LEAST_LOADED -> new LeastLoaded(CurrentRandom.INSTANCE);
            case CONSISTENT_HASH -> new ConsistentHash();
        };
    }

    /** Makes {@code addresses} all servers that {@code source} names. */
    public void replace(String source, Collection<OriginAddress> addresses) {
        servers.replace(source, addresses);
    }

    /** What is known of each server. */
    public List<OriginState> states() {
        return servers.states();
    }

    /**
     * Asks for a response that is read for as long as it lasts, by one thread that may block.
     *
     * @param bound bytes that wait for that thread
     */
    public Future<Followed> follow(String uri, MultiMap headers, long bound) {
        return onLoop(() -> followed(uri, headers, bound));
    }

    private Future<Followed> followed(String uri, MultiMap headers, long bound) {
        return open(OriginClient.Lane.FOLLOWER, HttpMethod.GET, uri)
                .compose(
                        request -> {
                            Future<HttpClientResponse> response = head(request);
                            request.headers().addAll(headers);
                            addHop(request.headers());
                            request.end();
                            awaitFirstByte(request, response);
                            return response;
                        })
                .map(
                        response -> {
                            Context context =
                                    Objects.requireNonNull(
                                            Vertx.currentContext(), "not on an event loop");
                            OriginBody body = new OriginBody(response, context, bound);
                            body.attach();
                            return new Followed(
                                    response.statusCode(),
                                    response.getHeader("Content-Type"),
                                    body);
                        });
    }

    /** Sends a request without a body and waits for the head of its response. */
    public Future<HttpClientResponse> exchange(HttpMethod method, String uri, MultiMap headers) {
        return exchange(method, uri, headers, Buffer.buffer());
    }

    /** Sends a request with a body and waits for the head of its response. */
    public Future<HttpClientResponse> exchange(
            HttpMethod method, String uri, MultiMap headers, Buffer body) {
        return ask(new Asking.Question(method, uri, withHop(headers), body, false, Origin::ignore))
                .response();
    }

    /** As {@link #exchange} by GET for what is small: a second server is asked when it is late. */
    public Future<HttpClientResponse> exchangeHedged(String uri, MultiMap headers) {
        MultiMap all = withHop(headers);
        return ask(new Asking.Question(
                        HttpMethod.GET, uri, all, Buffer.buffer(), true, Origin::ignore))
                .response();
    }

    /**
     * As {@link #exchange} without a body, for a client who may leave.
     *
     * @param hints told of the fields of each 103 (RFC 8297) that comes before the response
     */
    public Asked ask(HttpMethod method, String uri, MultiMap headers, Consumer<MultiMap> hints) {
        return ask(
                new Asking.Question(method, uri, withHop(headers), Buffer.buffer(), false, hints));
    }

    private Asked ask(Asking.Question question) {
        OriginSpan span = OriginSpan.begin(tracing, question.method(), question.headers());
        Asking asking = new Asking(means, question);
        return new Asked(
                span.until(
                        onLoop(
                                () ->
                                        measured(question.method(), asking.start())
                                                .map(Origin::quiet)
                                                .recover(this::failed))),
                asking::cancel);
    }

    /**
     * Begins an exchange on the event loop that the caller is on, or on one of its own: whoever
     * waits for the future is then called there, and not where the future happened to be done.
     */
    private <T> Future<T> onLoop(Supplier<Future<T>> exchange) {
        if (Vertx.currentContext() instanceof ContextInternal here && here.isEventLoopContext()) {
            return exchange.get();
        }
        ContextInternal loop = ((VertxInternal) vertx).createEventLoopContext();
        Promise<T> told = loop.promise();
        loop.runOnContext(_ -> exchange.get().onComplete(told));
        return told.future();
    }

    private static void ignore(MultiMap hints) {}

    private MultiMap withHop(MultiMap headers) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap().addAll(headers);
        addHop(all);
        return all;
    }

    /** Adds to a request that this edge has passed it on. */
    public void addHop(MultiMap headers) {
        loop.addTo(headers);
    }

    /** Whether any server answers, within the timeout of a probe. */
    public Future<Integer> probe() {
        List<OriginServer> all = servers.servers();
        return all.isEmpty()
                ? Future.failedFuture(servers.none())
                : Future.any(all.stream().map(server -> client.probe(server.address())).toList())
                        .map(any -> first(any.list()))
                        .recover(cause -> Future.failedFuture(OriginFailure.of(cause)));
    }

    private static int first(List<@Nullable Integer> statuses) {
        return statuses.stream().filter(Objects::nonNull).findFirst().orElseThrow();
    }

    private void probeAll() {
        for (OriginServer server : servers.servers()) {
            client.probe(server.address())
                    .onComplete(
                            _ -> server.probed(Optional.empty()),
                            bad -> server.probed(Optional.of(OriginFailure.of(bad))));
        }
    }

    /** A connection with a request that is not sent yet. */
    public Future<HttpClientRequest> open(HttpMethod method, String uri) {
        return open(OriginClient.Lane.POOL, method, uri);
    }

    /**
     * As {@link #open} for a response that does not end; fails with BUSY when there are as many as
     * there may be.
     */
    public Future<HttpClientRequest> openStream(HttpMethod method, String uri) {
        return open(OriginClient.Lane.STREAMS, method, uri)
                .recover(
                        cause ->
                                Future.failedFuture(
                                        OriginFailure.of(cause).kind() == OriginFailure.Kind.BUSY
                                                ? tooManyStreams()
                                                : cause));
    }

    private OriginFailure tooManyStreams() {
        return new OriginFailure(
                OriginFailure.Kind.BUSY,
                settings.maxStreams()
                        + " event streams pass through this edge, which is the limit"
                        + " (origin.max_streams)");
    }

    private Future<HttpClientRequest> open(OriginClient.Lane lane, HttpMethod method, String uri) {
        budget.requested();
        return open(lane, method, uri, new HashSet<>()).recover(this::failed);
    }

    /** Nothing has been sent before there is a connection, so that every method may be retried. */
    private Future<HttpClientRequest> open(
            OriginClient.Lane lane, HttpMethod method, String uri, Set<OriginServer> tried) {
        Optional<Use> use = servers.choose(uri, tried);
        if (use.isEmpty()) {
            return Future.failedFuture(servers.none());
        }
        tried.add(use.get().server());
        return client.open(use.get(), lane, method, uri)
                .recover(
                        cause -> {
                            boolean others =
                                    servers.servers().stream()
                                            .anyMatch(
                                                    server ->
                                                            !tried.contains(server)
                                                                    && server.isAble());
                            if (!others
                                    || tried.size() >= settings.retry().attempts()
                                    || !budget.take()) {
                                return Future.failedFuture(cause);
                            }
                            metrics.originRetried("retry");
                            return open(lane, method, uri, tried);
                        });
    }

    /** The response to {@code request}; to be called before the request is sent. */
    public Future<HttpClientResponse> response(HttpClientRequest request) {
        OriginSpan span = OriginSpan.begin(tracing, request.getMethod(), request.headers());
        return span.until(measured(request.getMethod(), head(request)));
    }

    private Future<HttpClientResponse> measured(
            HttpMethod method, Future<HttpClientResponse> response) {
        long start = System.nanoTime();
        String label = method.name().toLowerCase(Locale.ROOT);
        return response.onSuccess(_ -> metrics.originAnswered(label, System.nanoTime() - start));
    }

    private Future<HttpClientResponse> head(HttpClientRequest request) {
        return request.response().map(Origin::quiet).recover(this::failed);
    }

    /** Paused; what breaks it is told by the future or the handler of whoever reads on. */
    private static HttpClientResponse quiet(HttpClientResponse response) {
        response.pause();
        response.exceptionHandler(_ -> {});
        return response;
    }

    /** Starts the clock of the first byte; to be called when the request has been sent. */
    public void awaitFirstByte(HttpClientRequest request, Future<HttpClientResponse> response) {
        client.awaitFirstByte(request, response);
    }

    /** Gives up an exchange; its connection is not used again. */
    public static void cancel(HttpClientRequest request, OriginFailure reason) {
        OriginClient.cancel(request, reason);
    }

    private <T> Future<T> failed(Throwable cause) {
        OriginFailure failure = OriginFailure.of(cause);
        metrics.originFailed(failure.kind().code());
        return Future.failedFuture(failure);
    }

    private static OriginSample sample(OriginState state) {
        return new OriginSample(
                state.id(),
                state.up(),
                state.breaker(),
                state.load(),
                state.latency().toNanos() / 1e9,
                state.answered(),
                state.failed());
    }

    /** The random numbers of whichever thread asks. */
    private enum CurrentRandom implements RandomGenerator {
        INSTANCE;

        @Override
        public long nextLong() {
            return ThreadLocalRandom.current().nextLong();
        }

        @Override
        public int nextInt(int bound) {
            return ThreadLocalRandom.current().nextInt(bound);
        }
    }
}
