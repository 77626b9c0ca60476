package dev.modunest.standalone;

import dev.modunest.format.tuf.RepositoryReader;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Files below a URL, each within a bound of bytes and 30 seconds. */
final class HttpRepository implements RepositoryReader {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration WHOLE = Duration.ofSeconds(30);
    private static final int OK = 200;

    private final URI base;
    private final HttpClient http;

    HttpRepository(URI base) {
        String text = base.toString();
        this.base = text.endsWith("/") ? base : URI.create(text + "/");
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT)
                        .build();
    }

    @Override
    public Optional<byte[]> fetch(String path, int maxBytes) throws IOException {
        URI file = URI.create(base + path);
        HttpRequest request = HttpRequest.newBuilder(file).timeout(WHOLE).build();
        Future<HttpResponse<Optional<byte[]>>> answer =
                http.sendAsync(
                        request,
                        head ->
                                switch (head.statusCode()) {
                                    case OK ->
                                            HttpResponse.BodySubscribers.mapping(
                                                    HttpResponse.BodySubscribers.limiting(
                                                            HttpResponse.BodySubscribers
                                                                    .ofByteArray(),
                                                            maxBytes),
                                                    Optional::of);
                                    default ->
                                            HttpResponse.BodySubscribers.replacing(
                                                    Optional.<byte[]>empty());
                                });
        HttpResponse<Optional<byte[]>> response = await(file, answer);
        return switch (response.statusCode()) {
            case OK, 403, 404 -> response.body();
            default -> throw new IOException(file + " answers " + response.statusCode());
        };
    }

    private static <T> T await(URI file, Future<T> answer) throws IOException {
        try {
            return answer.get(WHOLE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw new IOException(file + ": " + failed.getCause(), failed);
        } catch (TimeoutException late) {
            answer.cancel(true);
            throw new IOException(file + " takes longer than " + WHOLE.toSeconds() + " s", late);
        } catch (InterruptedException interrupted) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException(file + ": interrupted", interrupted);
        }
    }
}
