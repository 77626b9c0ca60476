package dev.modunest.standalone;

import dev.modunest.format.Digest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;

/** Downloads artifacts through an edge, many at a time, and checks every digest. */
final class EdgeDownloads implements AutoCloseable {

    private static final Duration ANSWER_AT_MOST = Duration.ofMinutes(2);

    private final URI edge;
    private final Semaphore permits;
    private final HttpClient http;

    /**
     * What came of one pass.
     *
     * @param hits answers that the edge had, by its {@code Cache-Status}
     * @param failures answers that were not 200 or not the right bytes
     */
    record Result(int count, long bytes, int hits, int failures, Duration took) {

        double perSecond() {
            return count / seconds();
        }

        double megabytesPerSecond() {
            return bytes / 1e6 / seconds();
        }

        private double seconds() {
            return Math.max(1e-9, took.toNanos() / 1e9);
        }
    }

    EdgeDownloads(URI edge, int concurrency) {
        this.edge = edge;
        this.permits = new Semaphore(concurrency);
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build();
    }

    Result run(List<Digest> digests, IntConsumer step) {
        AtomicLong bytes = new AtomicLong();
        AtomicInteger hits = new AtomicInteger();
        AtomicInteger failures = new AtomicInteger();
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Digest digest : digests) {
                threads.execute(
                        () -> {
                            permits.acquireUninterruptibly();
                            try {
                                download(digest, bytes, hits);
                            } catch (IOException | InterruptedException failed) {
                                failures.incrementAndGet();
                            } finally {
                                permits.release();
                                step.accept(1);
                            }
                        });
            }
        }
        return new Result(
                digests.size(),
                bytes.get(),
                hits.get(),
                failures.get(),
                Duration.ofNanos(System.nanoTime() - begin));
    }

    private void download(Digest digest, AtomicLong bytes, AtomicInteger hits)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response =
                http.send(
                        HttpRequest.newBuilder(edge.resolve("/artifacts/sha256/" + digest.hex()))
                                .timeout(ANSWER_AT_MOST)
                                .build(),
                        HttpResponse.BodyHandlers.ofInputStream());
        MessageDigest sha256 = Digest.newMessageDigest();
        try (InputStream body = new DigestInputStream(response.body(), sha256)) {
            bytes.addAndGet(body.transferTo(OutputStream.nullOutputStream()));
        }
        if (response.statusCode() != 200 || !Digest.finish(sha256).equals(digest)) {
            throw new IOException(response.statusCode() + " for " + digest);
        }
        if (response.headers().firstValue("Cache-Status").orElse("").contains("; hit")) {
            hits.incrementAndGet();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
