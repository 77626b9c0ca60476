package dev.modunest.loader.fetch;

import dev.modunest.loader.LoaderOptions.FetchOptions;
import dev.modunest.loader.LoaderTracing;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** HTTP/1.1 with every wait bounded and passing trouble retried. Thread-safe. */
public final class HttpTransport implements AutoCloseable {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** By which logs of edge and registry are found. */
    private static final String REQUEST_ID = "X-Request-Id";

    private static final Pattern INVALID_TOKEN =
            Pattern.compile("(?i)\\bBearer\\b.*\\berror=\"?invalid_token\\b");

    private final FetchOptions options;
    private final Pause pause;
    private final Authorization authorization;
    private final LoaderTracing tracing;
    private final Bandwidth bandwidth;
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable Connections connections;
    private volatile boolean closed;

    /** A client with the threads that serve it; made for the first request, as it is costly. */
    private record Connections(HttpClient client, ExecutorService executor) {}

    /** One whose requests carry nothing. */
    public HttpTransport(FetchOptions options, Pause pause) {
        this(options, pause, Authorization.NONE);
    }

    /**
     * One that says who asks.
     *
     * @param authorization closed with it
     */
    public HttpTransport(FetchOptions options, Pause pause, Authorization authorization) {
        this(options, pause, authorization, LoaderTracing.NONE);
    }

    /**
     * One that says who asks, and of which trace it is.
     *
     * @param authorization closed with it
     */
    public HttpTransport(
            FetchOptions options, Pause pause, Authorization authorization, LoaderTracing tracing) {
        this.tracing = tracing;
        this.options = options;
        this.pause = pause;
        this.authorization = authorization;
        this.bandwidth = new Bandwidth(options.route().bytesPerSecond(), System::nanoTime);
    }

    private HttpClient client() throws IOException {
        Connections open = connections;
        return open == null ? open().client() : open.client();
    }

    private Connections open() throws IOException {
        opening.lock();
        try {
            if (closed) {
                throw new IOException("the transport is closed");
            }
            Connections open = connections;
            if (open == null) {
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient.Builder client =
                        HttpClient.newBuilder()
                                .version(HttpClient.Version.HTTP_1_1)
                                .connectTimeout(options.connect())
                                .executor(executor);
                options.route().proxy().ifPresent(proxy -> client.proxy(selecting(proxy)));
                open = new Connections(client.build(), executor);
                connections = open;
            }
            return open;
        } finally {
            opening.unlock();
        }
    }

    private static ProxySelector selecting(URI proxy) {
        return ProxySelector.of(
                InetSocketAddress.createUnresolved(proxy.getHost(), proxy.getPort()));
    }

    /** An exchange that may be repeated. What it throws as {@link IOException} may pass. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException, InterruptedException, FetchException;
    }

    /** A whole answer, as it came; the body is the caller's. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(int status, byte[] body, HttpHeaders headers) {}

    /** The same as text. */
    public record Text(int status, String body, HttpHeaders headers) {

        public Optional<String> entityTag() {
            return headers.firstValue("ETag");
        }
    }

    /**
     * Sends {@code request}, repeatedly if need be, and reads the answer, at most {@code maxBytes}
     * of it.
     *
     * @throws IOException when the last attempt failed
     */
    public Text exchange(HttpRequest.Builder request, int maxBytes)
            throws IOException, InterruptedException, FetchException {
        return exchange(() -> request, maxBytes);
    }

    /** As {@link #exchange(HttpRequest.Builder, int)}, with a request made for each attempt. */
    public Text exchange(Supplier<HttpRequest.Builder> request, int maxBytes)
            throws IOException, InterruptedException, FetchException {
        Answer answer = fetch(request, maxBytes);
        return new Text(
                answer.status(),
                new String(answer.body(), StandardCharsets.UTF_8),
                answer.headers());
    }

    /** As {@link #exchange(Supplier, int)}, without reading text into the answer. */
    public Answer fetch(Supplier<HttpRequest.Builder> request, int maxBytes)
            throws IOException, InterruptedException, FetchException {
        Deadline deadline = deadline();
        return retrying(deadline, () -> exchangeOnce(request.get(), maxBytes, deadline));
    }

    Deadline deadline() {
        return Deadline.after(options.deadline());
    }

    /** Runs {@code attempt} until it succeeds, attempts or time are used up; backs off between. */
    <T> T retrying(Deadline deadline, Attempt<T> attempt)
            throws IOException, InterruptedException, FetchException {
        for (int failed = 1; ; failed++) {
            try {
                return attempt.run();
            } catch (IOException trouble) {
                if (failed == options.attempts()) {
                    throw trouble;
                }
                pause.pause(deadline.remaining(backOff(failed)));
            }
        }
    }

    /** Full jitter: anything up to twice as long each time. */
    private static Duration backOff(int failed) {
        long ceiling =
                Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failed, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(1, ceiling + 1));
    }

    /**
     * Sends once and returns at the headers; once more when the answer is that the access token is
     * not valid (RFC 6750 3.1). Redirects are answers: no token follows one.
     *
     * @throws IOException also for the statuses that pass: 502, 503, 504
     */
    HttpResponse<BodyStream> send(HttpRequest.Builder request, Deadline deadline)
            throws IOException, InterruptedException, FetchException {
        URI uri = request.build().uri();
        Optional<String> credentials = authorization.of(uri);
        HttpResponse<BodyStream> response = sendOnce(request, credentials, deadline);
        if (credentials.isEmpty() || !isInvalidToken(response)) {
            return response;
        }
        response.body().close();
        authorization.refused(credentials.get());
        return sendOnce(request, authorization.of(uri), deadline);
    }

    private static boolean isInvalidToken(HttpResponse<BodyStream> response) {
        return response.statusCode() == 401
                && response.headers().allValues("WWW-Authenticate").stream()
                        .anyMatch(challenge -> INVALID_TOKEN.matcher(challenge).find());
    }

    private HttpResponse<BodyStream> sendOnce(
            HttpRequest.Builder request, Optional<String> credentials, Deadline deadline)
            throws IOException, InterruptedException {
        HttpRequest.Builder timed = request.copy().timeout(deadline.remaining(options.idle()));
        credentials.ifPresent(value -> timed.setHeader("Authorization", value));
        String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        timed.setHeader(REQUEST_ID, id);
        HttpResponse<BodyStream> response = traced(timed);
        int status = response.statusCode();
        if (status == 502 || status == 503 || status == 504) {
            response.body().close();
            throw new IOException(
                    where(response.uri()) + " answered " + status + " to the request " + id);
        }
        return response;
    }

    private HttpResponse<BodyStream> traced(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        HttpRequest named = request.build();
        LoaderTracing.Request trace = tracing.begin(named.method(), named.uri());
        trace.fields(request::setHeader);
        try {
            HttpResponse<BodyStream> response =
                    client().send(request.build(), _ -> new BodyStream());
            trace.answered(response.statusCode());
            return response;
        } catch (IOException | InterruptedException failed) {
            trace.failed(failed);
            throw failed;
        }
    }

    Optional<List<ByteBuffer>> next(BodyStream body, Deadline deadline)
            throws IOException, InterruptedException {
        return body.next(deadline.remaining(options.idle()));
    }

    /** As {@link #next}, at the rate that artifacts may come. */
    Optional<List<ByteBuffer>> nextPaced(BodyStream body, Deadline deadline)
            throws IOException, InterruptedException {
        Optional<List<ByteBuffer>> piece = next(body, deadline);
        long bytes = 0;
        for (ByteBuffer buffer : piece.orElse(List.of())) {
            bytes += buffer.remaining();
        }
        Duration wait = bandwidth.take(bytes);
        if (wait.isPositive()) {
            pause.pause(deadline.remaining(wait));
        }
        return piece;
    }

    private Answer exchangeOnce(HttpRequest.Builder request, int maxBytes, Deadline deadline)
            throws IOException, InterruptedException, FetchException {
        HttpResponse<BodyStream> response = send(request, deadline);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (BodyStream body = response.body()) {
            for (Optional<List<ByteBuffer>> piece = next(body, deadline);
                    piece.isPresent();
                    piece = next(body, deadline)) {
                piece.get().forEach(buffer -> append(buffer, bytes));
                if (bytes.size() > maxBytes) {
                    throw new FetchException(
                            "answer-too-large",
                            where(response.uri()) + " sent more than " + maxBytes + " bytes");
                }
            }
        }
        return new Answer(response.statusCode(), bytes.toByteArray(), response.headers());
    }

    private static void append(ByteBuffer from, ByteArrayOutputStream to) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        to.writeBytes(bytes);
    }

    static String where(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }

    @Override
    public void close() {
        authorization.close();
        opening.lock();
        try {
            closed = true;
            Connections open = connections;
            if (open != null) {
                open.client().shutdownNow();
                open.executor().shutdownNow();
            }
        } finally {
            opening.unlock();
        }
    }
}
