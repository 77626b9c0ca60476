package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Map;

/** More than fits, and slower than allowed. */
class OverloadIT {

    private static String put(TestRegistry registry, String path, int length) {
        return "PUT /api/v1/plugins/"
                + path
                + " HTTP/1.1\nHost: x\nAuthorization: Bearer "
                + registry.token()
                + "\nContent-Length: "
                + length
                + "\n\n";
    }

    @Test
    void aPublishBeyondTheLimitIsTurnedAwayAndTheOthersGoOn() throws IOException {
        byte[] jar = TestJars.library("acme/slow@1.0.0");
        try (TestRegistry registry =
                        TestRegistry.start(
                                Map.of(
                                        "MODUNEST_UPLOAD_MAX_CONCURRENT", "1",
                                        "MODUNEST_UPLOAD_MAX_WAIT", "50ms"));
                RawClient slow = new RawClient(registry.server().uri())) {
            slow.send(put(registry, "acme/slow/1.0.0", jar.length));
            Awaiting.until(
                    () ->
                            new String(
                                            registry.get("/metrics").body(),
                                            java.nio.charset.StandardCharsets.UTF_8)
                                    .contains(
                                            "modunest_publish_admission{state=\"running\",} 1.0"));

            HttpResponse<byte[]> refused =
                    registry.publish("acme/more@1.0.0", TestJars.library("acme/more@1.0.0"));

            TestRegistry.assertProblem(refused, 503, "overloaded", "try again in 2 seconds");
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("2");
            assertThat(slow.send(jar).response().status()).isEqualTo(201);
        }
    }

    @Test
    void aConnectionOnWhichNothingMovesIsClosedAndLeavesNothing() throws IOException {
        try (TestRegistry registry =
                        TestRegistry.start(Map.of("MODUNEST_CONNECTION_STALL_TIMEOUT", "300ms"));
                RawClient stalled = new RawClient(registry.server().uri())) {
            stalled.send(put(registry, "acme/stalled/1.0.0", 1000)).send(new byte[10]);

            assertThat(stalled.isClosedByServer()).isTrue();
            Awaiting.until(() -> registry.storedKeys().isEmpty());
            registry.assertNothingLeft();
        }
    }

    @Test
    void anUploadThatTakesTooLongIsEnded() throws IOException {
        byte[] jar = TestJars.library("acme/slow@1.0.0");
        try (TestRegistry registry =
                        TestRegistry.start(Map.of("MODUNEST_UPLOAD_MAX_DURATION", "1ms"));
                RawClient slow = new RawClient(registry.server().uri())) {
            slow.send(
                    put(registry, "acme/slow/1.0.0", jar.length)
                            .replace("\n\n", "\nExpect: 100-continue\n\n"));
            assertThat(slow.response().status()).isEqualTo(100);
            slow.send(java.util.Arrays.copyOf(jar, 10));
            assertThat(registry.get("/metrics").statusCode()).isEqualTo(200);

            RawClient.Response response =
                    slow.send(java.util.Arrays.copyOfRange(jar, 10, jar.length)).response();

            assertThat(response.status()).isEqualTo(408);
            assertThat(response.problem().code()).isEqualTo("upload-too-slow");
            registry.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 100000\n\n",
                // A chunk is read whole before the body gives of it.
                "Transfer-Encoding: chunked\n\n10000\n"
            })
    void aTrickleIsEnded(String framing) throws IOException {
        try (TestRegistry registry =
                        TestRegistry.start(
                                Map.of(
                                        "MODUNEST_UPLOAD_MIN_RATE", "1MiB",
                                        "MODUNEST_UPLOAD_MIN_RATE_WINDOW", "50ms",
                                        "MODUNEST_UPLOAD_MIN_RATE_GRACE", "0ms"));
                RawClient slow = new RawClient(registry.server().uri())) {
            slow.send(
                    "PUT /api/v1/plugins/acme/slow/1.0.0 HTTP/1.1\nHost: x\nAuthorization: Bearer "
                            + registry.token()
                            + "\n"
                            + framing);

            Awaiting.until(
                    () -> {
                        trickle(slow);
                        return slow.hasAnswer();
                    });
            RawClient.Response response = slow.response();

            assertThat(response.status()).isEqualTo(408);
            assertThat(response.problem().code()).isEqualTo("upload-too-slow");
            assertThat(response.problem().detail()).contains("1MiB per second (upload.min_rate)");
            registry.assertNothingLeft();
        }
    }

    private static void trickle(RawClient client) {
        try {
            client.send(new byte[1]);
        } catch (IOException ended) {
            assertThat(client.hasAnswer()).isTrue();
        }
    }

    @Test
    void aDownloadThatNobodyReadsIsClosed() throws IOException {
        try (TestRegistry registry =
                        TestRegistry.start(Map.of("MODUNEST_CONNECTION_STALL_TIMEOUT", "300ms"));
                RawClient deaf = new RawClient(registry.server().uri())) {
            byte[] jar = TestJars.libraryOfSize("acme/big@1.0.0", 24 << 20);
            assertThat(registry.publish("acme/big@1.0.0", jar).statusCode()).isEqualTo(201);

            deaf.send("GET " + registry.artifactPath(jar) + " HTTP/1.1\nHost: x\n\n");

            Awaiting.until(
                    () ->
                            new String(
                                            registry.get("/metrics").body(),
                                            java.nio.charset.StandardCharsets.UTF_8)
                                    .contains(
                                            "route=\"/artifacts/sha256/{hex}\",method=\"GET\",status=\"0\",} 1.0"));
        }
    }
}
