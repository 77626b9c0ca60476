package dev.modunest.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modunest.server.oidc.OidcException.Party;
import dev.modunest.server.oidc.OidcException.Reason;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/** Providers that answer badly, late, without end, or not at all. */
class DiscoveryIT {

    private static final String DOCUMENT = "/.well-known/openid-configuration";

    private final TestIssuer issuer = new TestIssuer();
    private final MovableClock clock = new MovableClock();
    private final OidcConfig config =
            TestConfigs.of(
                    issuer.uri(),
                    TestIssuer.CLIENT,
                    "secret",
                    Map.of("REQUEST_TIMEOUT", "1m", "MAX_ANSWER", "4KiB"));
    private final ProviderHttp http = new ProviderHttp(config);
    private final Discovery discovery = new Discovery(http, config, clock);

    @AfterEach
    void stop() {
        http.close();
        issuer.close();
    }

    private OidcException failure() {
        OidcException failure =
                catchThrowableOfType(OidcException.class, () -> discovery.metadata(issuer.uri()));
        assertThat(failure).as("a failure").isNotNull();
        return failure;
    }

    @Test
    void readsWhatAProviderSays() {
        issuer.metadata()
                .putAll(
                        Map.of(
                                "token_endpoint_auth_methods_supported",
                                List.of("private_key_jwt", "client_secret_post"),
                                "authorization_response_iss_parameter_supported",
                                true));
        ProviderMetadata metadata = discovery.metadata(issuer.uri());

        assertThat(metadata.jwksUri()).isEqualTo(issuer.uri().resolve("/keys"));
        assertThat(metadata.authorizationEndpoint()).contains(issuer.uri().resolve("/authorize"));
        assertThat(metadata.tokenEndpoint()).contains(issuer.uri().resolve("/token"));
        assertThat(metadata.tokenAuthMethods())
                .containsExactlyInAnyOrder("private_key_jwt", "client_secret_post");
        assertThat(metadata.sendsIssuer()).isTrue();
    }

    @Test
    void anIssuerOfCiTokensHasKeysAlone() {
        issuer.metadata().remove("authorization_endpoint");
        issuer.metadata().remove("token_endpoint");
        ProviderMetadata metadata = discovery.metadata(issuer.uri());

        assertThat(metadata.authorizationEndpoint()).isEmpty();
        assertThat(metadata.tokenEndpoint()).isEmpty();
        assertThat(metadata.tokenAuthMethods()).containsExactly("client_secret_basic");
        assertThat(metadata.sendsIssuer()).isFalse();
    }

    @Test
    void anIssuerWithASlashAtItsEndHasOneDocument() {
        URI slash = URI.create(issuer.uri() + "/");
        issuer.metadata().put("issuer", slash.toString());

        assertThat(discovery.metadata(slash).issuer()).isEqualTo(slash);
        assertThat(issuer.requests(DOCUMENT)).hasSize(1);
    }

    @Test
    void refusesTheDocumentOfAnotherIssuer() {
        issuer.metadata().put("issuer", issuer.uri() + "/");

        assertThat(failure().reason()).isEqualTo(Reason.PROVIDER_ISSUER_DIFFERS);
        assertThat(failure().reason().party()).isEqualTo(Party.SETTINGS);
    }

    @ParameterizedTest
    @CsvSource({
        "jwks_uri, http://keys.example/, has a jwks_uri that is not https",
        "token_endpoint, file:///etc/passwd, has a token_endpoint that is not https",
        "token_endpoint, https://me:pw@sso.example/, has a token_endpoint that is not https",
        "authorization_endpoint, https://sso.example/#x, has a authorization_endpoint that is not https",
        "token_endpoint, 'a b', has a token_endpoint that is no URI",
        "token_endpoint, relative, has a token_endpoint that is not https"
    })
    void refusesEndpointsThatAreNotSecret(String key, String value, String message) {
        issuer.metadata().put(key, value);

        assertThat(failure())
                .hasMessageContaining(message)
                .extracting(OidcException::reason)
                .isEqualTo(Reason.PROVIDER_ANSWER_INVALID);
    }

    @Test
    void anIssuerElsewhereDoesNotSendUsToThisMachine() {
        URI elsewhere = URI.create("https://sso.example");
        assertThat(SecureUris.isEndpoint(URI.create("http://127.0.0.1/x"), elsewhere)).isFalse();
        assertThat(SecureUris.isEndpoint(URI.create("http://127.0.0.1/x"), issuer.uri())).isTrue();
        assertThat(SecureUris.isEndpoint(URI.create("https://k.example/x"), elsewhere)).isTrue();
        assertThatThrownBy(() -> discovery.metadata(URI.create("http://sso.example")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesADocumentWithoutKeys() {
        issuer.metadata().remove("jwks_uri");

        assertThat(failure()).hasMessageContaining("has no jwks_uri");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | {          | PROVIDER_ANSWER_INVALID | does not answer with JSON",
                "200 | [1]        | PROVIDER_ANSWER_INVALID | does not answer with a JSON object",
                "200 | ''         | PROVIDER_ANSWER_INVALID | does not answer with a JSON object",
                "200 | {} {}      | PROVIDER_ANSWER_INVALID | does not answer with JSON",
                "200 | {'a':1,'a':2} | PROVIDER_ANSWER_INVALID | does not answer with JSON",
                "404 | {}         | PROVIDER_ANSWER_INVALID | status 404, not 200",
                "503 | {}         | PROVIDER_UNREACHABLE    | status 503, not 200"
            })
    void refusesAnswersThatAreNoDocument(int status, String body, Reason reason, String message) {
        issuer.answer(DOCUMENT, status, body.replace('\'', '"'));

        assertThat(failure())
                .hasMessageContaining(message)
                .extracting(OidcException::reason)
                .isEqualTo(reason);
    }

    @Test
    void followsNoRedirect() {
        issuer.answer(
                DOCUMENT,
                exchange -> {
                    exchange.getResponseHeaders().add("Location", issuer.uri() + "/elsewhere");
                    TestIssuer.send(exchange, 302, new byte[0]);
                });

        assertThat(failure()).hasMessageContaining("status 302, not 200");
        assertThat(issuer.requests("/elsewhere")).isEmpty();
    }

    @Test
    void refusesAnAnswerWithoutEnd() {
        issuer.answer(
                DOCUMENT,
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (int i = 0; i < 1000; i++) {
                        exchange.getResponseBody().write(new byte[1024]);
                    }
                });

        assertThat(failure())
                .hasMessageContaining("answers with more than 4096 bytes")
                .extracting(OidcException::reason)
                .isEqualTo(Reason.PROVIDER_ANSWER_INVALID);
    }

    @Test
    void givesUpOnASilentProvider() {
        CountDownLatch never = new CountDownLatch(1);
        issuer.answer(DOCUMENT, _ -> await(never));

        assertGivesUp();
        never.countDown();
    }

    @Test
    void givesUpOnABodyThatNeverEnds() {
        CountDownLatch never = new CountDownLatch(1);
        issuer.answer(
                DOCUMENT,
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write('{');
                    exchange.getResponseBody().flush();
                    await(never);
                });

        assertGivesUp();
        never.countDown();
    }

    private OidcConfig impatient() {
        return TestConfigs.of(
                issuer.uri(), TestIssuer.CLIENT, "s", Map.of("REQUEST_TIMEOUT", "200ms"));
    }

    private void assertGivesUp() {
        try (ProviderHttp shortly = new ProviderHttp(impatient())) {
            assertThatThrownBy(() -> shortly.get(issuer.uri().resolve(DOCUMENT)))
                    .isInstanceOfSatisfying(
                            OidcException.class,
                            late ->
                                    assertThat(late.reason())
                                            .isEqualTo(Reason.PROVIDER_UNREACHABLE))
                    .hasMessageContaining("does not answer within 200 ms");
        }
    }

    @Test
    void saysWhenTooManyRequestsAreUnderWay() {
        try (ProviderHttp busy = new ProviderHttp(impatient(), new Semaphore(0))) {
            assertThatThrownBy(() -> busy.get(issuer.uri().resolve(DOCUMENT)))
                    .isInstanceOfSatisfying(
                            OidcException.class,
                            tooMany ->
                                    assertThat(tooMany.reason()).isEqualTo(Reason.PROVIDER_BUSY));
        }
    }

    @Test
    void givesUpWhenInterruptedAndKeepsThat() {
        Thread.currentThread().interrupt();

        assertThat(failure()).hasMessageContaining("was given up");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aProviderThatIsAwayIsAskedAgainAfterAWhile() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThatThrownBy(() -> discovery.metadata(URI.create("http://127.0.0.1:" + port)))
                .hasMessageContaining("cannot be reached: ConnectException");

        issuer.answer(DOCUMENT, 503, "");
        assertThat(failure().reason()).isEqualTo(Reason.PROVIDER_UNREACHABLE);
        assertThat(failure().reason()).isEqualTo(Reason.PROVIDER_UNREACHABLE);
        assertThat(issuer.requests(DOCUMENT)).hasSize(1);
        clock.pass(Duration.ofSeconds(10));
        assertThat(failure().reason()).isEqualTo(Reason.PROVIDER_UNREACHABLE);
        assertThat(issuer.requests(DOCUMENT)).hasSize(2);
    }

    @Test
    void manyAtOnceAreOneRequest() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<KeySet>> keys =
                    IntStream.range(0, 50)
                            .mapToObj(_ -> threads.submit(() -> discovery.keys(issuer.uri())))
                            .toList();
            for (Future<KeySet> key : keys) {
                assertThat(key.get().has("rsa-1")).isTrue();
            }
        }
        assertThat(issuer.requests(DOCUMENT)).hasSize(1);
        assertThat(issuer.requests("/keys")).hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
