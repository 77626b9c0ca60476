package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** The port for TLS, with both engines. */
final class TlsIT {

    @TempDir static Path directory;
    private static FakeOrigin origin;
    private static SelfSigned first;
    private static byte[] big;
    private static String artifact;

    @BeforeAll
    static void start() {
        origin = new FakeOrigin();
        first = SelfSigned.in(directory, "first");
        big = TestEdge.bytes(3 << 20, 1);
        artifact = FakeOrigin.path(origin.artifact(big));
    }

    @AfterAll
    static void stop() {
        origin.close();
    }

    private static TestEdge edge(String name, SelfSigned identity, String... more) {
        String[] settings = {
            "LISTEN_TLS_PORT", "0",
            "LISTEN_TLS_CERTIFICATE", identity.certificate().toString(),
            "LISTEN_TLS_KEY", identity.key().toString()
        };
        String[] all = new String[settings.length + more.length];
        System.arraycopy(settings, 0, all, 0, settings.length);
        System.arraycopy(more, 0, all, settings.length, more.length);
        return new TestEdge(origin.uri(), directory.resolve(name), all);
    }

    private static HttpClient client(SelfSigned trusted, HttpClient.Version version) {
        return HttpClient.newBuilder().sslContext(trusted.trust()).version(version).build();
    }

    private static HttpResponse<byte[]> get(HttpClient client, TestEdge edge, String path)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(
                                URI.create("https://localhost:" + edge.server().tlsPort() + path))
                        .timeout(TestEdge.PATIENCE)
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @CsvSource({"jdk,HTTP_1_1", "jdk,HTTP_2", "openssl,HTTP_1_1", "openssl,HTTP_2"})
    void servesFromAllTiers(String engine, HttpClient.Version version) throws Exception {
        try (TestEdge edge =
                        edge(
                                engine + version,
                                first,
                                "LISTEN_TLS_ENGINE",
                                engine,
                                "MEMORY_MAX_OBJECT",
                                "1KiB");
                HttpClient client = client(first, version)) {
            assertThat(get(client, edge, artifact).body()).isEqualTo(big);
            edge.awaitMetric(EdgeIT.FILLED, 1);
            HttpResponse<byte[]> hit = get(client, edge, artifact);
            assertThat(hit.version()).isEqualTo(version);
            assertThat(hit.body()).isEqualTo(big);
            assertThat(TestEdge.cacheStatus(hit)).isEqualTo("modunest-edge; hit");
            assertThat(get(client, edge, "/health/live").statusCode()).isEqualTo(200);
            assertThat(edge.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void sessionsAreResumedWithBothVersions() throws Exception {
        try (TestEdge edge = edge("resumed", first)) {
            for (String protocol : new String[] {"TLSv1.2", "TLSv1.3"}) {
                long began = talk(edge, protocol);
                assertThat(talk(edge, protocol)).as(protocol).isEqualTo(began);
            }
        }
    }

    /** One request on a connection of its own; when its session was made. */
    private static long talk(TestEdge edge, String protocol) throws IOException {
        try (SSLSocket socket =
                (SSLSocket)
                        first.trust()
                                .getSocketFactory()
                                .createSocket(
                                        InetAddress.getLoopbackAddress(),
                                        edge.server().tlsPort())) {
            socket.setEnabledProtocols(new String[] {protocol});
            socket.getOutputStream()
                    .write(
                            TestEdge.head(
                                            "GET /health/live HTTP/1.1",
                                            "Host: localhost",
                                            "Connection: close")
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(TestEdge.latin(socket)).startsWith("HTTP/1.1 200");
            return socket.getSession().getCreationTime();
        }
    }

    @Test
    void leastVersionIsHeld() {
        try (TestEdge edge = edge("least", first, "LISTEN_TLS_MIN_VERSION", "tls1_3")) {
            assertThatThrownBy(() -> talk(edge, "TLSv1.2")).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void certificateIsExchangedWithoutDroppingAConnection() throws Exception {
        Path certificate = directory.resolve("live.pem");
        Path key = directory.resolve("live.key");
        Files.copy(first.certificate(), certificate);
        Files.copy(first.key(), key);
        SelfSigned second = SelfSigned.in(directory, "second");
        SelfSigned live = new SelfSigned(certificate, key, first.trust(), first.serving());
        try (TestEdge edge = edge("exchanged", live, "LISTEN_TLS_RELOAD_INTERVAL", "100ms");
                HttpClient old = client(first, HttpClient.Version.HTTP_2)) {
            assertThat(get(old, edge, "/health/live").statusCode()).isEqualTo(200);
            Files.writeString(key, "no key");
            Files.copy(second.key(), key, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(second.certificate(), certificate, StandardCopyOption.REPLACE_EXISTING);
            TestEdge.await("the new certificate", () -> isTrusted(second, edge));
            assertThat(get(old, edge, "/health/live").statusCode()).isEqualTo(200);
        }
    }

    private static boolean isTrusted(SelfSigned identity, TestEdge edge) {
        try (HttpClient fresh = client(identity, HttpClient.Version.HTTP_1_1)) {
            return get(fresh, edge, "/health/live").statusCode() == 200;
        } catch (IOException untrusted) {
            return false;
        } catch (InterruptedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void strictNamesAreThoseOfTheCertificate() throws Exception {
        try (TestEdge edge = edge("strict", first, "LISTEN_TLS_STRICT_NAMES", "true");
                SSLSocket socket =
                        (SSLSocket)
                                first.trust()
                                        .getSocketFactory()
                                        .createSocket(
                                                InetAddress.getLoopbackAddress(),
                                                edge.server().tlsPort())) {
            String request = "GET /health/live HTTP/1.1\r\nHost: %s\r\nConnection: %s\r\n\r\n";
            String text =
                    request.formatted("localhost:1", "x")
                            + request.formatted("A.edge.test", "x")
                            + request.formatted("a.b.edge.test", "x")
                            + request.formatted("other", "close");
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            assertThat(TestEdge.latin(socket))
                    .containsSubsequence(
                            "HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 421", "HTTP/1.1 421");
        }
    }

    @Test
    void refusesAKeyThatIsNotThatOfTheCertificate() {
        SelfSigned other = SelfSigned.in(directory, "other");
        SelfSigned mixed =
                new SelfSigned(first.certificate(), other.key(), first.trust(), first.serving());
        assertThatThrownBy(() -> edge("mixed", mixed).close())
                .hasMessageContaining("is not the key of");
    }
}
