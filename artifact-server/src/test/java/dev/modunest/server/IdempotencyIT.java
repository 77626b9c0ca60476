package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Idempotency-Key on a publish. */
class IdempotencyIT {

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static HttpResponse<byte[]> publish(String coordinate, byte[] jar, String key) {
        return registry.publish(
                coordinate,
                jar,
                "Idempotency-Key",
                key,
                "Repr-Digest",
                Digest.ofBytes(jar).reprDigest());
    }

    @Test
    void aRetryGetsTheFirstAnswer() {
        byte[] jar = TestJars.library("retry/one@1.0.0");
        HttpResponse<byte[]> first = publish("retry/one@1.0.0", jar, "key-1");

        HttpResponse<byte[]> second = publish("retry/one@1.0.0", jar, "\"key-1\"");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(first.headers().firstValue("Idempotency-Replayed")).isEmpty();
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(second.body()).isEqualTo(first.body());
        for (String header : List.of("Location", "Repr-Digest", "Registry-Serial")) {
            assertThat(second.headers().firstValue(header))
                    .isPresent()
                    .isEqualTo(first.headers().firstValue(header));
        }
        assertThat(registry.count("outbox where name = 'one' and namespace = 'retry'"))
                .isEqualTo(1);
    }

    @Test
    void anAnswerThatWasLostIsGotByTheRetry() throws IOException {
        byte[] jar = TestJars.library("retry/lost@1.0.0");
        try (RawClient client = new RawClient(registry.server().uri())) {
            client.send(
                            "PUT /api/v1/plugins/retry/lost/1.0.0 HTTP/1.1\nHost: x\nAuthorization: Bearer "
                                    + registry.token()
                                    + "\nIdempotency-Key: lost\nRepr-Digest: "
                                    + Digest.ofBytes(jar).reprDigest()
                                    + "\nContent-Length: "
                                    + jar.length
                                    + "\n\n")
                    .send(jar);
        }
        Awaiting.until(() -> registry.count("outbox where name = 'lost'") == 1);

        HttpResponse<byte[]> retry = publish("retry/lost@1.0.0", jar, "lost");

        assertThat(retry.statusCode()).isEqualTo(201);
        assertThat(retry.headers().firstValue("Idempotency-Replayed")).hasValue("true");
        assertThat(registry.count("outbox where name = 'lost'")).isEqualTo(1);
    }

    @Test
    void ofManyRequestsWithOneKeyOneHasAnEffectAndAllGetItsAnswer() throws Exception {
        int clients = 6;
        byte[] jar = TestJars.libraryOfSize("retry/many@1.0.0", 200_000);
        CyclicBarrier together = new CyclicBarrier(clients);
        List<Future<HttpResponse<byte[]>>> answers;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            answers =
                    threads.invokeAll(
                            IntStream.range(0, clients)
                                    .<Callable<HttpResponse<byte[]>>>mapToObj(
                                            i ->
                                                    () -> {
                                                        together.await();
                                                        return publish(
                                                                "retry/many@1.0.0", jar, "many");
                                                    })
                                    .toList());
        }

        byte[] body = answers.getFirst().get().body();
        int replayed = 0;
        for (Future<HttpResponse<byte[]>> answer : answers) {
            assertThat(answer.get().statusCode()).isEqualTo(201);
            assertThat(answer.get().body()).isEqualTo(body);
            replayed +=
                    answer.get().headers().firstValue("Idempotency-Replayed").isPresent() ? 1 : 0;
        }
        assertThat(replayed).isEqualTo(clients - 1);
        assertThat(registry.count("outbox where name = 'many'")).isEqualTo(1);
    }

    @Test
    void aKeyIsNotForAnotherRequest() {
        byte[] jar = TestJars.library("retry/reused@1.0.0");
        assertThat(publish("retry/reused@1.0.0", jar, "reused").statusCode()).isEqualTo(201);

        TestRegistry.assertProblem(
                publish("retry/reused@2.0.0", TestJars.library("retry/reused@2.0.0"), "reused"),
                422,
                "idempotency-key-reused",
                "make a new key for each change");
    }

    @Test
    void aRefusalIsJudgedAnew() {
        byte[] jar = TestJars.library("retry/top@1.0.0", "retry/base ^1.0.0");
        TestRegistry.assertProblem(
                publish("retry/top@1.0.0", jar, "anew"),
                422,
                "dependency-unresolvable",
                "publish the requirements first");
        registry.published("retry/base@1.0.0");

        HttpResponse<byte[]> second = publish("retry/top@1.0.0", jar, "anew");

        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.headers().firstValue("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void aKeyBelongsToItsAccount() {
        byte[] jar = TestJars.library("retry/mine@1.0.0");
        assertThat(publish("retry/mine@1.0.0", jar, "same").statusCode()).isEqualTo(201);
        String token = registry.newAccount("someone");
        byte[] other = TestJars.library("else/theirs@1.0.0");

        HttpResponse<byte[]> answer =
                registry.publishAs(token, "else/theirs@1.0.0", other, "Idempotency-Key", "same");

        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void anAnswerIsForgottenAfterItsTime() {
        byte[] jar = TestJars.library("retry/old@1.0.0");
        assertThat(publish("retry/old@1.0.0", jar, "old").statusCode()).isEqualTo(201);
        registry.execute("update idempotency_keys set created_at = created_at - interval '49 h'");

        TestRegistry.assertProblem(
                publish("retry/old@1.0.0", jar, "old"), 409, "version-exists", "the same");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "\u00fc"})
    void refusesAKeyThatItCannotRead(String key) throws IOException {
        try (RawClient client = new RawClient(registry.server().uri())) {
            RawClient.Response response =
                    client.send(
                                    "PUT /api/v1/plugins/retry/x/1.0.0 HTTP/1.1\nHost: x\nAuthorization: Bearer "
                                            + registry.token()
                                            + "\nIdempotency-Key: "
                                            + key
                                            + "\nContent-Length: 0\n\n")
                            .response();

            assertThat(response.status()).isEqualTo(400);
            assertThat(response.problem().code()).isEqualTo("idempotency-key-invalid");
        }
    }

    @Test
    void aKeyMayHave255Characters() {
        String longest = "k".repeat(255);
        byte[] jar = TestJars.library("retry/long@1.0.0");

        assertThat(publish("retry/long@1.0.0", jar, longest).statusCode()).isEqualTo(201);
        TestRegistry.assertProblem(
                publish("retry/long@1.0.0", jar, longest + "k"),
                400,
                "idempotency-key-invalid",
                "256 characters");
    }

    @Test
    void aRetryIsAnsweredBeforeItsBodyIsRead() throws IOException {
        byte[] jar = TestJars.library("retry/early@1.0.0");
        assertThat(publish("retry/early@1.0.0", jar, "early").statusCode()).isEqualTo(201);
        try (RawClient client = new RawClient(registry.server().uri())) {
            RawClient.Response response =
                    client.send(
                                    "PUT /api/v1/plugins/retry/early/1.0.0 HTTP/1.1\nHost: x\nAuthorization: Bearer "
                                            + registry.token()
                                            + "\nIdempotency-Key: early\nRepr-Digest: "
                                            + Digest.ofBytes(jar).reprDigest()
                                            + "\nExpect: 100-continue\nContent-Length: "
                                            + jar.length
                                            + "\n\n")
                            .response();

            assertThat(response.status()).isEqualTo(201);
            assertThat(response.header("Connection")).isEqualTo("close");
        }
    }

    @Test
    void aTokenThatIsGoneStopsWorkingWhenItIsForgotten() {
        try (TestRegistry strict = TestRegistry.start(Map.of("MODUNEST_AUTH_TOKEN_CACHE", "0ms"))) {
            strict.published("acme/before@1.0.0");
            strict.execute("delete from tokens");

            TestRegistry.assertProblem(
                    strict.publish("acme/after@1.0.0", TestJars.library("acme/after@1.0.0")),
                    401,
                    "token-unknown",
                    "sign in again");
        }
    }
}
