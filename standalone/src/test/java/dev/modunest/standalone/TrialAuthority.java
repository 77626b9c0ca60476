package dev.modunest.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.modunest.server.ceremony.Ceremony;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.key.Pem;
import dev.modunest.server.timestamp.TimeStamping;
import dev.modunest.server.trust.TrustDirectory;
import dev.modunest.server.x509.CertificateProfile;
import dev.modunest.server.x509.SigningRequest;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The authorities of a registry behind its paths, with keys of their own and no accounts. */
final class TrialAuthority implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final TrustDirectory trust;
    private final TimeStamping stamping;
    private final HttpServer server;
    private volatile boolean stale;

    TrialAuthority(Path directory) throws IOException {
        new Ceremony(directory, Map.of(), new Passphrase.None(), InstantSource.system())
                .everything("localhost");
        this.trust = TrustDirectory.open(directory, "localhost", Map.of(), Instant.now());
        this.stamping = new TimeStamping(trust, "1.2.3", InstantSource.system());
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    TrustDirectory trust() {
        return trust;
    }

    List<String> requests() {
        return requests;
    }

    /** From now on a sign-in is too old. */
    void demandFreshSignIn() {
        stale = true;
    }

    X509Certificate certify(byte[] request, String namespace) {
        return CertificateProfile.publisher(
                trust.names(),
                trust.issuing().id(),
                namespace,
                SigningRequest.parse(request).key(),
                Optional.empty(),
                trust.issuing().authority(),
                Instant.now(),
                Duration.ofDays(90));
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path);
        if (path.equals("/tsa")) {
            send(exchange, 200, stamping.answer(body));
        } else if (stale) {
            send(
                    exchange,
                    403,
                    "{\"type\":\"https://modunest.dev/problems/sign-in-stale\",\"title\":\"t\",\"status\":403,\"detail\":\"run ./modunest login\",\"instance\":\"i\",\"request_id\":\"r\"}"
                            .getBytes(StandardCharsets.UTF_8));
        } else if (path.endsWith("/revocation")) {
            requests.add(new String(body, StandardCharsets.UTF_8));
            send(exchange, 200, listed());
        } else if (exchange.getRequestMethod().equals("GET")) {
            send(exchange, 200, listed());
        } else {
            send(exchange, 201, issued(body, path.split("/", -1)[4]));
        }
    }

    private static byte[] listed() {
        return ("{\"certificates\":[{\"serial\":\"4f2a\",\"kind\":\"keyed\",\"not_after\":\"2027-01-01T00:00:00Z\",\"account\":\"alice\","
                        + "\"revocation\":{\"reason\":\"superseded\"}}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] issued(byte[] request, String namespace) throws IOException {
        X509Certificate certificate = certify(request, namespace);
        ObjectNode answer =
                JSON.createObjectNode()
                        .put("serial", certificate.getSerialNumber().toString(16))
                        .put("not_after", certificate.getNotAfter().toInstant().toString())
                        .put("certificate", Pem.text(certificate));
        answer.putArray("chain").add(Pem.text(trust.issuing().authority().certificate()));
        return JSON.writeValueAsBytes(answer);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
