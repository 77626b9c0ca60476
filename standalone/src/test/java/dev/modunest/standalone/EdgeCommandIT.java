package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.modunest.edge.EdgeConfig;
import dev.modunest.edge.EdgeServer;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The commands that administer an edge, against one. */
class EdgeCommandIT {

    private static final String SECRET = "administration-of-the-edge";

    @TempDir private static Path folder;
    private static HttpServer origin;
    private static EdgeServer edge;
    private static Path token;

    @BeforeAll
    static void start() throws IOException {
        origin = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        origin.createContext(
                "/",
                x -> {
                    try (x) {
                        boolean known = !x.getRequestURI().getPath().equals("/none");
                        byte[] body = x.getRequestURI().toString().getBytes(StandardCharsets.UTF_8);
                        x.getResponseHeaders().set("Cache-Control", "max-age=600");
                        x.getResponseHeaders().set("Cache-Tag", "all");
                        x.sendResponseHeaders(known ? 200 : 500, body.length);
                        x.getResponseBody().write(body);
                    }
                });
        origin.start();
        token = Files.writeString(folder.resolve("token"), SECRET + "\n");
        EdgeConfig config =
                Settings.read(
                        EdgeConfig.class,
                        Optional.empty(),
                        Map.of(
                                "MODUNEST_MODE",
                                "any_origin",
                                "MODUNEST_ORIGIN_URIS",
                                "http://127.0.0.1:" + origin.getAddress().getPort(),
                                "MODUNEST_LISTEN_PORT",
                                "0",
                                "MODUNEST_DISK_DIRECTORY",
                                folder.resolve("cache").toString(),
                                "MODUNEST_ADMIN_PORT",
                                "0",
                                "MODUNEST_ADMIN_TOKEN",
                                SECRET));
        edge = EdgeServer.start(config);
    }

    @AfterAll
    static void stop() {
        edge.close();
        origin.stop(0);
    }

    @Test
    void statusTellsStateTiersAndOrigins() {
        Commands told = edge("status");
        assertThat(told.exit()).as(told.err()).isZero();
        assertThat(told.out())
                .startsWith("serving (any_origin, version ")
                .contains("memory", "disk", "responses")
                .contains("origin     127.0.0.1:" + origin.getAddress().getPort() + ": up");
        assertThat(edge("status", "--json").out())
                .contains("\"state\":\"serving\"", "\"breaker\":\"closed\"");
    }

    @Test
    void whatIsPurgedIsFetchedAgain() throws Exception {
        fetch("/a");
        assertThat(fetch("/a")).endsWith("; hit");
        Commands purged = edge("purge", "/a");
        assertThat(purged.exit()).as(purged.err()).isZero();
        assertThat(purged.out()).startsWith("1 responses dropped, ");
        assertThat(fetch("/a")).endsWith("; stored");
        assertThat(edge("purge", "--tag", "all", "--soft").out()).contains(" responses outdated");
        assertThat(fetch("/a")).contains("fwd=stale");
        assertThat(edge("purge", "--prefix", "/a", "--json").out())
                .contains("\"soft\":false", "\"responses\":1");
    }

    @Test
    void whatIsPrefetchedIsThereWhenTheCommandEnds() throws Exception {
        Commands fetched = edge("prefetch", "/b?x=1", "/c");
        assertThat(fetched.exit()).as(fetched.err()).isZero();
        assertThat(fetched.out()).startsWith("2 of 2 there, 0 failed, 0 waiting");
        assertThat(fetch("/b?x=1")).endsWith("; hit");
        assertThat(edge("prefetch", "/d", "--no-wait", "--json").out()).contains("\"total\":1");
    }

    @Test
    void whatCouldNotBeFetchedIsNamed() {
        Commands failed = edge("prefetch", "/none");
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.out()).contains("1 failed").contains("failed  /none: ");
    }

    @Test
    void theRefusalOfTheEdgeIsHandedOn() throws Exception {
        Commands refused = edge("purge", "--soft", "--digest", "sha256:" + "0a".repeat(32));
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("the edge refuses: bad-request", "digests without soft");
        Path lock = Files.writeString(folder.resolve("lock.json"), "{\"lock_version\": 1}");
        assertThat(edge("prefetch", "--lock", lock.toString()).err()).contains("The lock: ");
        Path wrong = Files.writeString(folder.resolve("wrong"), "0123456789abcdef0");
        Commands unauthorized =
                Commands.run(
                        "edge", "status", "--admin", admin(), "--token-file", wrong.toString());
        assertThat(unauthorized.exit()).isEqualTo(1);
        assertThat(unauthorized.err()).contains("unauthorized");
    }

    @Test
    void noEdgeAndNoTokenAreToldWithWhatToDo() throws Exception {
        Commands silent =
                Commands.run(
                        "edge",
                        "status",
                        "--admin",
                        "http://127.0.0.1:" + freePort(),
                        "--token-file",
                        token.toString());
        assertThat(silent.exit()).isEqualTo(1);
        assertThat(silent.err()).contains("no edge administers at", "admin.token", "--admin URL");
        Commands unread =
                Commands.run("edge", "status", "--token-file", folder.resolve("no").toString());
        assertThat(unread.exit()).isEqualTo(2);
        assertThat(unread.err()).contains("cannot be read");
        assertThat(edge("status", "--admin", "nowhere").exit()).isEqualTo(2);
    }

    @Test
    void badUsageIsExitCode2() {
        assertThat(edge("purge").err()).contains("name what is to go");
        assertThat(edge("purge").exit()).isEqualTo(2);
        assertThat(edge("prefetch").exit()).isEqualTo(2);
        assertThat(edge("prefetch", "/a", "--lock", token.toString()).exit()).isEqualTo(2);
        assertThat(edge("prefetch", "--lock", folder.resolve("no").toString()).exit()).isEqualTo(2);
        assertThat(edge("prefetch", "/a", "--wait", "0").exit()).isEqualTo(2);
    }

    private static Commands edge(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of("edge", command));
        arguments.addAll(List.of("--token-file", token.toString()));
        if (!List.of(more).contains("--admin")) {
            arguments.addAll(List.of("--admin", admin()));
        }
        arguments.addAll(List.of(more));
        return Commands.run(arguments.toArray(String[]::new));
    }

    private static String admin() {
        return edge.adminUri().orElseThrow().toString();
    }

    /** The {@code Cache-Status} of a request. */
    private static String fetch(String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(edge.uri().resolve(path)).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("Cache-Status")
                    .orElse("");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
