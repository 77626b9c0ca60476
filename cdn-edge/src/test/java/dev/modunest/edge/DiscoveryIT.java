package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import dev.modunest.edge.DnsServer.Srv;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Origin servers that are found while the edge runs. */
final class DiscoveryIT {

    private static final String NAME = "_modunest._tcp.example.test";
    private static final String SLICES =
            "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices"
                    + "?labelSelector=kubernetes.io%2Fservice-name%3Dregistry";

    @TempDir Path directory;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    @AfterEach
    void stop() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    @Test
    void srvRecordsOfTheLowestPriorityAreTheOrigin() throws IOException {
        FakeOrigin first = origin("first");
        FakeOrigin second = origin("second");
        DnsServer dns = closing(new DnsServer());
        dns.answer(
                NAME,
                List.of(
                        new Srv(1, first.uri().getPort(), "localhost"),
                        new Srv(2, second.uri().getPort(), "localhost")));
        TestEdge edge =
                edge("DISCOVERY_DNS_SRV", NAME, "DISCOVERY_DNS_SERVER", "127.0.0.1:" + dns.port());
        TestEdge.await("found", () -> edge.get("/x").statusCode() == 200);
        assertThat(TestEdge.text(edge.get("/x"))).isEqualTo("first");

        dns.answer(NAME, List.of(new Srv(1, second.uri().getPort(), "localhost")));
        TestEdge.await("moved", () -> TestEdge.text(edge.get("/x")).equals("second"));

        dns.answer(NAME, List.of());
        int asked = dns.asked();
        TestEdge.await("asked in vain", () -> dns.asked() > asked + 1);
        assertThat(TestEdge.text(edge.get("/x"))).isEqualTo("second");
    }

    @Test
    void readyEndpointsOfAKubernetesServiceAreTheOrigin() throws IOException {
        FakeOrigin registry = origin("pod");
        AtomicReference<String> slices = new AtomicReference<>(slice(registry.uri(), "true"));
        AtomicReference<String> authorization = new AtomicReference<>("");
        FakeOrigin api = closing(new FakeOrigin());
        api.on(
                SLICES,
                x -> {
                    authorization.set(x.getRequestHeaders().getFirst("Authorization"));
                    FakeOrigin.send(x, 200, slices.get().getBytes(StandardCharsets.UTF_8));
                });
        Path account = Files.createDirectory(directory.resolve("account"));
        Files.writeString(account.resolve("token"), "of-the-account\n");
        Files.writeString(account.resolve("namespace"), "shop");
        TestEdge edge =
                edge(
                        "DISCOVERY_KUBERNETES_SERVICE",
                        "registry",
                        "DISCOVERY_KUBERNETES_API",
                        api.uri().toString(),
                        "DISCOVERY_KUBERNETES_PORT_NAME",
                        "http",
                        "DISCOVERY_KUBERNETES_ACCOUNT",
                        account.toString());
        TestEdge.await("found", () -> edge.get("/x").statusCode() == 200);
        assertThat(authorization.get()).isEqualTo("Bearer of-the-account");
        assertThat(edge.metric(up("127.0.0.1:" + registry.uri().getPort()))).isOne();

        for (String useless :
                List.of(slice(registry.uri(), "false"), "{\"items\":[{\"ports\":1}]}", "<html>")) {
            slices.set(useless);
            int asked = api.count("GET", SLICES);
            TestEdge.await("asked in vain", () -> api.count("GET", SLICES) > asked + 1);
            assertThat(TestEdge.text(edge.get("/x"))).isEqualTo("pod");
        }
    }

    @Test
    void kubernetesIsBelievedByTheAuthorityOfTheServiceAccount() throws Exception {
        FakeOrigin registry = origin("pod");
        Path account = account();
        SelfSigned own = SelfSigned.in(directory, "kubernetes");
        HttpsServer api = https(own, slice(registry.uri(), "true"));
        Files.copy(own.certificate(), account.resolve("ca.crt"));
        TestEdge edge =
                edge(
                        "DISCOVERY_KUBERNETES_SERVICE",
                        "registry",
                        "DISCOVERY_KUBERNETES_API",
                        "https://localhost:" + api.getAddress().getPort(),
                        "DISCOVERY_KUBERNETES_PORT_NAME",
                        "http",
                        "DISCOVERY_KUBERNETES_ACCOUNT",
                        account.toString());
        TestEdge.await("found", () -> edge.get("/x").statusCode() == 200);
    }

    @Test
    void anAuthorityThatCannotBeReadStopsTheStart() throws Exception {
        Path account = account();
        Files.writeString(
                account.resolve("ca.crt"),
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(
                        () ->
                                edge(
                                        "DISCOVERY_KUBERNETES_SERVICE",
                                        "registry",
                                        "DISCOVERY_KUBERNETES_ACCOUNT",
                                        account.toString()))
                .hasMessageContaining("discovery.kubernetes.account")
                .hasRootCauseInstanceOf(Exception.class);
    }

    @Test
    void aRefusalOfKubernetesLeavesTheServersAsTheyAre() throws IOException {
        FakeOrigin registry = origin("pod");
        AtomicInteger status = new AtomicInteger(200);
        FakeOrigin api = closing(new FakeOrigin());
        byte[] slices = slice(registry.uri(), "true").getBytes(StandardCharsets.UTF_8);
        api.on(SLICES, x -> FakeOrigin.send(x, status.get(), slices));
        TestEdge edge =
                edge(
                        "DISCOVERY_KUBERNETES_SERVICE",
                        "registry",
                        "DISCOVERY_KUBERNETES_NAMESPACE",
                        "shop",
                        "DISCOVERY_KUBERNETES_PORT_NAME",
                        "http",
                        "DISCOVERY_KUBERNETES_API",
                        api.uri().toString(),
                        "DISCOVERY_KUBERNETES_ACCOUNT",
                        directory.resolve("none").toString());
        TestEdge.await("found", () -> edge.get("/x").statusCode() == 200);
        status.set(403);
        int asked = api.count("GET", SLICES);
        TestEdge.await("asked in vain", () -> api.count("GET", SLICES) > asked + 1);
        assertThat(TestEdge.text(edge.get("/x"))).isEqualTo("pod");
    }

    @Test
    void aNameServerThatDoesNotAnswerLeavesTheServersAsTheyAre() throws IOException {
        FakeOrigin first = origin("first");
        DnsServer dns = closing(new DnsServer());
        dns.answer(NAME, List.of(new Srv(1, first.uri().getPort(), "localhost")));
        TestEdge edge =
                edge(
                        "DISCOVERY_DNS_SRV",
                        NAME,
                        "DISCOVERY_DNS_SERVER",
                        "127.0.0.1:" + dns.port(),
                        "DISCOVERY_TIMEOUT",
                        "50ms");
        TestEdge.await("found", () -> edge.get("/x").statusCode() == 200);
        dns.close();
        assertThat(TestEdge.text(edge.get("/x"))).isEqualTo("first");
    }

    private Path account() throws IOException {
        Path account = Files.createDirectory(directory.resolve("account"));
        Files.writeString(account.resolve("namespace"), "shop");
        return account;
    }

    private HttpsServer https(SelfSigned own, String answer) throws Exception {
        HttpsServer api =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        api.setHttpsConfigurator(new HttpsConfigurator(own.serving()));
        api.createContext(
                "/",
                x -> {
                    try (x) {
                        FakeOrigin.send(x, 200, answer.getBytes(StandardCharsets.UTF_8));
                    }
                });
        api.start();
        closing(() -> api.stop(0));
        return api;
    }

    private static String up(String origin) {
        return "modunest_edge_origin_up{origin=\"" + origin + "\",}";
    }

    private static String slice(URI origin, String ready) {
        return """
        {"kind": "EndpointSliceList", "items": [
          {"addressType": "IPv4",
           "ports": [{"name": "metrics", "port": 1}, {"name": "http", "port": %d}],
           "endpoints": [
             {"addresses": ["127.0.0.1"], "conditions": {"ready": %s}},
             {"addresses": ["127.0.0.2"], "conditions": {"ready": false}}]},
          {"addressType": "IPv6", "ports": [], "endpoints": [{"addresses": ["::1"]}]}]}
        """
                .formatted(origin.getPort(), ready);
    }

    private FakeOrigin origin(String text) {
        FakeOrigin origin = closing(new FakeOrigin());
        return origin.on("/x", x -> FakeOrigin.send(x, 200, text.getBytes(StandardCharsets.UTF_8)));
    }

    private TestEdge edge(String... settings) {
        String[] all = new String[settings.length + 4];
        System.arraycopy(settings, 0, all, 4, settings.length);
        all[0] = "ORIGIN_URIS";
        all[1] = "";
        all[2] = "DISCOVERY_INTERVAL";
        all[3] = "10ms";
        return closing(new TestEdge(URI.create("http://none"), directory.resolve("disk"), all));
    }

    private <T extends AutoCloseable> T closing(T part) {
        parts.push(part);
        return part;
    }
}
