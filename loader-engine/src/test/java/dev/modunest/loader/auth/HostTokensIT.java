package dev.modunest.loader.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.loader.HostCredentials;
import dev.modunest.loader.LoaderOptions.FetchOptions;
import dev.modunest.loader.fetch.FetchException;
import dev.modunest.loader.fetch.HttpTransport;
import dev.modunest.loader.testing.FakeIssuer;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.FakeRegistry.Fault;
import dev.modunest.loader.testing.TestClock;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class HostTokensIT {

    private static final FetchOptions OPTIONS =
            new FetchOptions(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(20),
                    2,
                    1 << 20);

    private final TestClock clock = new TestClock(Instant.now());
    private volatile InstantSource issuersClock = clock;
    private FakeIssuer issuer;
    private FakeRegistry registry;
    private FakeRegistry elsewhere;
    private HostCredentials host;
    private HttpTransport transport;

    @BeforeEach
    void open() throws IOException {
        issuer = new FakeIssuer(() -> issuersClock.instant());
        registry = new FakeRegistry(TestPlugin.of("a/x@1.0.0"));
        elsewhere = new FakeRegistry(TestPlugin.of("a/x@1.0.0"));
        host = issuer.host(registry.uri());
        transport = transport(host);
    }

    private HttpTransport transport(HostCredentials credentials) {
        return new HttpTransport(
                OPTIONS,
                _ -> {},
                new HostTokens(credentials, new HttpTransport(OPTIONS, _ -> {}), clock));
    }

    @AfterEach
    void close() {
        transport.close();
        elsewhere.close();
        registry.close();
        issuer.close();
    }

    private int get(URI base) throws IOException, InterruptedException, FetchException {
        return transport
                .exchange(HttpRequest.newBuilder(base.resolve("/index/a/x")).GET(), 1 << 20)
                .status();
    }

    private int get() throws IOException, InterruptedException, FetchException {
        return get(registry.uri());
    }

    @Test
    void saysWhichHostAsksWithOneTokenUntilItIsTimeForTheNext() throws Exception {
        registry.admit(issuer::isNewest);
        assertThat(get()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(719));
        assertThat(get()).isEqualTo(200);
        assertThat(issuer.answers()).containsExactly("issued");
        clock.advance(Duration.ofSeconds(1));
        assertThat(get()).isEqualTo(200);
        assertThat(issuer.answers()).containsExactly("issued", "issued");
        assertThat(registry.authorizations()).hasSize(3);
    }

    @Test
    void asksForOneTokenForAll() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> statuses = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                statuses.add(threads.submit(() -> get()));
            }
            for (Future<Integer> status : statuses) {
                assertThat(status.get()).isEqualTo(200);
            }
        }
        assertThat(issuer.answers()).containsExactly("issued");
        assertThat(registry.authorizations()).hasSize(30);
    }

    @Test
    void tellsNobodyElse() throws Exception {
        assertThat(get(elsewhere.uri())).isEqualTo(200);
        assertThat(elsewhere.authorizations()).isEmpty();
        assertThat(issuer.answers()).isEmpty();
    }

    @Test
    void tellsNobodyElseAfterARedirect() throws Exception {
        registry.fail("/index/a/x", new Fault.Redirect(elsewhere.uri().resolve("/index/a/x")));
        assertThat(get()).isEqualTo(302);
        assertThat(registry.authorizations()).hasSize(1);
        assertThat(elsewhere.requests()).isEmpty();
    }

    @Test
    void tellsAnEdgeThatIsNamed() throws Exception {
        transport.close();
        transport = transport(host.withEdge(elsewhere.uri()));
        get(elsewhere.uri());
        assertThat(elsewhere.authorizations()).hasSize(1);
    }

    @Test
    void renewsOnceWhenATokenIsNotValidAnyMore() throws Exception {
        assertThat(get()).isEqualTo(200);
        String former = registry.authorizations().getFirst();
        registry.admit(header -> !header.equals(former));
        assertThat(get()).isEqualTo(200);
        assertThat(issuer.answers()).hasSize(2);
        registry.admit(_ -> false);
        assertThat(get()).isEqualTo(401);
        assertThat(issuer.answers()).hasSize(3);
    }

    @Test
    void renewsNothingForAnotherRefusal() throws Exception {
        registry.fail("/index/a/x", new Fault.Status(401), new Fault.Status(403));
        assertThat(get()).isEqualTo(401);
        assertThat(get()).isEqualTo(403);
        assertThat(issuer.answers()).containsExactly("issued");
    }

    @Test
    void aRevokedHostIsToldWhatToDo() throws Exception {
        issuer.revoke(host);
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(this::get)
                    .isInstanceOfSatisfying(
                            FetchException.class,
                            refused -> {
                                assertThat(refused.code()).isEqualTo("host-refused");
                                assertThat(refused.reason())
                                        .contains("'invalid_client: unknown host'")
                                        .contains(host.host())
                                        .contains("host enrol --replace");
                            });
        }
        assertThat(issuer.answers()).hasSize(1);
        assertThat(registry.requests()).isEmpty();
        issuer.allow(host);
        clock.advance(Duration.ofSeconds(30));
        assertThat(get()).isEqualTo(200);
    }

    @Test
    void aHostThatIsRevokedWhileItRunsEndsWithItsToken() throws Exception {
        assertThat(get()).isEqualTo(200);
        issuer.revoke(host);
        registry.admit(_ -> false);
        assertThatThrownBy(this::get).isInstanceOf(FetchException.class);
        assertThatThrownBy(this::get).isInstanceOf(FetchException.class);
    }

    @Test
    void worksWithAClockThatIsWrong() throws Exception {
        issuersClock = InstantSource.system();
        clock.advance(Duration.ofHours(-7));
        assertThat(get()).isEqualTo(200);
        assertThat(issuer.answers()).containsExactly("bad exp", "issued");
        clock.advance(Duration.ofSeconds(800));
        get();
        assertThat(issuer.answers()).hasSize(4); // 800 s of the host's clock, none of the issuer's
        assertThat(issuer.answers()).endsWith("issued");
    }

    @Test
    void worksWithAClockThatIsAhead() throws Exception {
        issuersClock = InstantSource.system();
        clock.advance(Duration.ofDays(2));
        assertThat(get()).isEqualTo(200);
        assertThat(issuer.answers()).containsExactly("bad exp", "issued");
    }

    @Test
    void namesTheClockWhenThatMayBeTheReason() {
        issuersClock = InstantSource.system();
        clock.advance(Duration.ofHours(-1));
        issuer.revoke(host);
        assertThatThrownBy(this::get)
                .isInstanceOfSatisfying(
                        FetchException.class,
                        refused -> assertThat(refused.reason()).contains(" s behind the issuer's"));
    }

    @Test
    void readsWhatIsPublicWhileTheIssuerIsAway() throws Exception {
        issuer.close();
        assertThat(get()).isEqualTo(200);
        assertThat(registry.authorizations()).isEmpty();
    }

    @Test
    void usesATokenToItsEndWhileTheIssuerIsAway() throws Exception {
        get();
        issuer.close();
        clock.advance(Duration.ofSeconds(899));
        get();
        assertThat(registry.authorizations()).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        get();
        assertThat(registry.authorizations()).hasSize(2);
    }

    @Test
    void asksAgainWithAnotherAssertionWhenTheConnectionBreaks() throws Exception {
        issuer.answer(503, "");
        get();
        assertThat(issuer.answers()).containsExactly("canned", "issued");
        assertThat(registry.authorizations()).hasSize(1);
    }

    @Test
    void takesNoAnswerThatIsNoToken() throws Exception {
        for (String body :
                List.of(
                        "<html>",
                        "[]",
                        "{}",
                        "{\"access_token\": \"a\", \"token_type\": \"mac\"}",
                        "{\"access_token\": \"a\\r\\nHost: x\", \"token_type\": \"Bearer\"}",
                        "{\"access_token\": \"a\", \"token_type\": \"Bearer\", \"expires_in\": 0}",
                        "{\"x\": \"" + "y".repeat(70_000) + "\"}")) {
            issuer.answer(200, body);
            assertThat(get()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(10));
        }
        issuer.answer(401, "{}");
        assertThat(get()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(10));
        issuer.answer(500, "");
        assertThat(get()).isEqualTo(200);
        assertThat(registry.authorizations()).isEmpty();
        assertThat(get()).isEqualTo(200);
        assertThat(issuer.answers()).hasSize(9).containsOnly("canned");
        clock.advance(Duration.ofSeconds(10));
        issuer.answer(200, "{\"access_token\": \"a\", \"token_type\": \"bearer\"}");
        get();
        assertThat(registry.authorizations()).containsExactly("Bearer a");
    }
}
