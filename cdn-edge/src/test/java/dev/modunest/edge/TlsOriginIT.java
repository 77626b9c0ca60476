package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An origin that is spoken to over TLS. */
final class TlsOriginIT {

    private static final String PASSWORD = "changeit";

    @TempDir static Path keys;
    private static HttpsServer origin;

    @TempDir Path directory;

    @BeforeAll
    static void start() throws Exception {
        keytool(
                "-genkeypair",
                "-alias",
                "origin",
                "-keyalg",
                "EC",
                "-dname",
                "CN=origin",
                "-ext",
                "san=dns:localhost");
        keytool("-exportcert", "-alias", "origin", "-rfc", "-file", certificate().toString());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys.resolve("store"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory own =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), null, null);
        origin =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        origin.setHttpsConfigurator(new HttpsConfigurator(context));
        origin.createContext(
                "/x",
                x -> {
                    try (x) {
                        FakeOrigin.send(x, 200, "secret".getBytes(StandardCharsets.UTF_8));
                    }
                });
        origin.start();
    }

    @AfterAll
    static void stop() {
        origin.stop(0);
    }

    @Test
    void originWhoseCertificateIsVouchedForIsAsked() {
        try (TestEdge edge =
                new TestEdge(
                        uri("localhost"), directory, "ORIGIN_CA_FILE", certificate().toString())) {
            assertThat(TestEdge.text(edge.get("/x"))).isEqualTo("secret");
        }
    }

    @Test
    void originWithTheCertificateOfAnotherNameIsNot() {
        try (TestEdge edge =
                new TestEdge(
                        uri("127.0.0.1"), directory, "ORIGIN_CA_FILE", certificate().toString())) {
            assertThat(edge.get("/x").statusCode()).isEqualTo(502);
        }
    }

    @Test
    void originThatNobodyVouchesForIsNot() {
        try (TestEdge edge = new TestEdge(uri("localhost"), directory)) {
            assertThat(edge.get("/x").statusCode()).isEqualTo(502);
        }
    }

    @Test
    void handshakeThatDoesNotComeIsNotWaitedForLong() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                TestEdge edge =
                        new TestEdge(
                                URI.create("https://localhost:" + silent.getLocalPort()),
                                directory,
                                "ORIGIN_CONNECT_TIMEOUT",
                                "20s",
                                "ORIGIN_TLS_TIMEOUT",
                                "200ms")) {
            assertThat(edge.get("/x").statusCode()).isIn(502, 504);
        }
    }

    private static URI uri(String host) {
        return URI.create("https://" + host + ":" + origin.getAddress().getPort());
    }

    private static Path certificate() {
        return keys.resolve("certificate.pem");
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(
                List.of(
                        "-keystore",
                        keys.resolve("store").toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
