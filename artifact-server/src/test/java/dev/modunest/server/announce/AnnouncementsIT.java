package dev.modunest.server.announce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;

import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Jobs;
import dev.modunest.settings.Secret;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server that tells edges of itself. */
class AnnouncementsIT {

    private static final URI OWN = URI.create("http://Registry-1.example:8080");
    private static final URI NOBODY = URI.create("http://127.0.0.1:1");

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final Jobs jobs = new Jobs(new Metrics(), InstantSource.system());
    private HttpServer edge;

    @BeforeEach
    void start() throws IOException {
        edge = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        edge.createContext(
                "/",
                x -> {
                    try (x) {
                        heard.add(
                                x.getRequestMethod()
                                        + " "
                                        + x.getRequestURI()
                                        + " "
                                        + x.getRequestHeaders().getFirst("Authorization")
                                        + " "
                                        + new String(
                                                x.getRequestBody().readAllBytes(),
                                                StandardCharsets.UTF_8));
                        x.sendResponseHeaders(x.getRequestMethod().equals("PUT") ? 201 : 204, -1);
                    }
                });
        edge.start();
    }

    @AfterEach
    void stop() {
        edge.stop(0);
    }

    @Test
    void announcesItselfAgainAndAgainAndItsEnd() throws InterruptedException {
        String put =
                "PUT /-/origins/registry-1.example-8080 Bearer 0123456789abcdef"
                        + " {\"uri\":\"http://Registry-1.example:8080\",\"ttl_seconds\":1}";
        try (Announcements _ = Announcements.start(config(NOBODY, edgeUri()), jobs).orElseThrow()) {
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(put);
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(put);
        }
        assertThat(heard.stream().filter(request -> !request.equals(put)))
                .containsExactly(
                        "DELETE /-/origins/registry-1.example-8080 Bearer 0123456789abcdef ");
    }

    @Test
    void withoutEdgesNothingIsAnnounced() {
        assertThat(
                        Announcements.start(
                                new AnnounceConfig(
                                        List.of(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Duration.ofSeconds(10),
                                        Duration.ofSeconds(2)),
                                jobs))
                .isEmpty();
    }

    @Test
    void announcementHoldsForThreeIntervals() {
        AnnounceConfig config =
                new AnnounceConfig(
                        List.of(NOBODY),
                        Optional.of(new Secret("0123456789abcdef")),
                        Optional.of(OWN),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2));
        assertThat(config.ttl()).isEqualTo(30);
    }

    @Test
    void whatCannotBeAnnouncedIsRefused() {
        Duration second = Duration.ofSeconds(1);
        Optional<Secret> token = Optional.of(new Secret("0123456789abcdef"));
        List<URI> edges = List.of(NOBODY);
        List<URI> wrong = List.of(URI.create("http://x/path"));
        assertRefused(edges, Optional.empty(), Optional.of(OWN), second, second);
        assertRefused(edges, token, Optional.empty(), second, second);
        assertRefused(wrong, token, Optional.of(OWN), second, second);
        assertRefused(edges, token, Optional.of(URI.create("ftp://x")), second, second);
        assertRefused(edges, token, Optional.of(OWN), Duration.ZERO, second);
        assertRefused(edges, token, Optional.of(OWN), second, Duration.ZERO);
    }

    private static void assertRefused(
            List<URI> edges,
            Optional<Secret> token,
            Optional<URI> uri,
            Duration interval,
            Duration timeout) {
        assertThatThrownBy(() -> new AnnounceConfig(edges, token, uri, interval, timeout))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private AnnounceConfig config(URI... edges) {
        return new AnnounceConfig(
                List.of(edges),
                Optional.of(new Secret("0123456789abcdef")),
                Optional.of(OWN),
                Duration.ofMillis(10),
                Duration.ofSeconds(20));
    }

    private URI edgeUri() {
        return URI.create("http://127.0.0.1:" + edge.getAddress().getPort());
    }
}
