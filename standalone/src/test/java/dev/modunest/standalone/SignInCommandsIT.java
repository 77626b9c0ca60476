package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.modunest.samples.generator.GeneratorOptions;
import dev.modunest.samples.generator.PluginGenerator;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** login, logout, whoami and token, against a registry of the test's. */
class SignInCommandsIT {

    private static final String BEGUN =
            "{\"device_code\":\"device\",\"user_code\":\"BCDF-GHJK\",\"verification_uri\":\"http://r/device\","
                    + "\"verification_uri_complete\":\"http://r/device?user_code=BCDF-GHJK\",\"expires_in\":900,\"interval\":0}";

    @TempDir private Path home;

    private record Canned(int status, String body) {}

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Deque<Canned>> answers = new HashMap<>();
    private HttpServer registry;
    private String formerHome = "";

    @BeforeEach
    void start() throws IOException {
        formerHome = System.getProperty("user.home");
        System.setProperty("user.home", home.toString());
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", this::answer);
        registry.start();
    }

    @AfterEach
    void stop() {
        registry.stop(0);
        System.setProperty("user.home", formerHome);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().toString();
        requests.add(
                exchange.getRequestMethod()
                        + " "
                        + path
                        + " "
                        + exchange.getRequestHeaders().getFirst("Authorization")
                        + " "
                        + new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Deque<Canned> canned = answers.getOrDefault(path, new ArrayDeque<>());
        Canned next =
                canned.isEmpty()
                        ? new Canned(404, "{}")
                        : canned.size() > 1 ? canned.poll() : canned.peek();
        byte[] bytes = next.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(next.status(), bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private synchronized void will(String path, int status, String body) {
        answers.computeIfAbsent(path, _ -> new ArrayDeque<>()).add(new Canned(status, body));
    }

    private static String tokens(String access, String refresh, int seconds) {
        return "{\"access_token\":\""
                + access
                + "\",\"refresh_token\":\""
                + refresh
                + "\",\"expires_in\":"
                + seconds
                + ",\"token_type\":\"Bearer\"}";
    }

    private Commands run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--registry");
        all.add("http://127.0.0.1:" + registry.getAddress().getPort());
        return Commands.run(all.toArray(String[]::new));
    }

    private void signedIn(String access, String refresh, int seconds) {
        will("/oauth/device_authorization", 200, BEGUN);
        will("/oauth/token", 200, tokens(access, refresh, seconds));
        assertThat(run("login").exit()).isZero();
    }

    @Test
    void loginShowsTheCodeWaitsAndKeepsTheSignInForItsOwner() throws IOException {
        will("/oauth/device_authorization", 200, BEGUN);
        will("/oauth/token", 400, "{\"error\":\"authorization_pending\"}");
        will("/oauth/token", 200, tokens("access-1", "refresh-1", 900));

        Commands login = run("login", "--scope", "release.publish:acme/*");

        assertThat(login.exit()).as(login.err()).isZero();
        assertThat(login.out())
                .contains("http://r/device?user_code=BCDF-GHJK", "BCDF-GHJK", "Signed in at");
        assertThat(requests.getFirst())
                .contains("client_id=modunest-cli", "scope=release.publish%3Aacme%2F*");
        Path kept = home.resolve(".modunest/sign-ins.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");

        will(
                "/api/v1/account",
                200,
                "{\"account\":\"anna\",\"administrator\":true,\"scopes\":[\"*:*\"],\"organizations\":{\"acme\":\"owner\"}}");
        Commands whoami = run("whoami");
        assertThat(whoami.out())
                .contains("anna, an administrator", "may: *:*", "owner of the organization acme");
        assertThat(requests.getLast()).startsWith("GET /api/v1/account Bearer access-1");
        assertThat(run("whoami", "--json").out()).contains("\"account\":\"anna\"");
    }

    @Test
    void aLoginThatIsDeniedOrCannotBeginIsTold() {
        will("/oauth/device_authorization", 200, BEGUN);
        will(
                "/oauth/token",
                400,
                "{\"error\":\"access_denied\",\"error_description\":\"it was denied\"}");
        Commands denied = run("login");
        assertThat(denied.exit()).isEqualTo(1);
        assertThat(denied.err()).contains("it was denied");

        answers.clear();
        Commands none = run("login");
        assertThat(none.exit()).isEqualTo(1);
        assertThat(none.err()).contains("does not begin a sign-in").doesNotContain("\tat ");
    }

    @Test
    void anOldAccessTokenIsRefreshedOnceAndKept() {
        signedIn("access-1", "refresh-1", 1);
        answers.clear();
        will("/oauth/token", 200, tokens("access-2", "refresh-2", 900));
        will("/api/v1/account", 200, "{\"account\":\"anna\"}");

        assertThat(run("whoami").exit()).isZero();
        assertThat(run("whoami").exit()).isZero();

        assertThat(requests.stream().filter(request -> request.contains("refresh-1"))).hasSize(1);
        assertThat(requests.getLast()).contains("Bearer access-2");
    }

    @Test
    void aSignInThatIsOverSaysHowToSignInAgain() {
        signedIn("access-1", "refresh-1", 1);
        answers.clear();
        will("/oauth/token", 400, "{\"error\":\"invalid_grant\"}");
        Commands over = run("whoami");
        assertThat(over.exit()).isEqualTo(1);
        assertThat(over.err()).contains("is over", "./modunest login --registry http://127.0.0.1:");
    }

    @Test
    void logoutEndsTheSignInThereAndHere() {
        signedIn("access-1", "refresh-1", 900);
        will("/oauth/revoke", 200, "{}");
        Commands out = run("logout");
        assertThat(out.exit()).isZero();
        assertThat(out.out()).contains("Signed out");
        assertThat(requests.getLast()).contains("POST /oauth/revoke", "token=refresh-1");
        assertThat(run("logout").out()).contains("were not signed in");

        signedIn("access-2", "refresh-2", 900);
        answers.clear();
        Commands away = run("logout");
        assertThat(away.exit()).isEqualTo(1);
        assertThat(away.err()).contains("forgotten here");
    }

    @Test
    void tokensAreMadeListedAndRevoked() {
        signedIn("access-1", "refresh-1", 900);
        will("/api/v1/account/tokens", 201, "{\"id\":7,\"token\":\"mnt_new\",\"label\":\"ci\"}");
        Commands made =
                run("token", "create", "--label", "ci", "--scope", "release.publish:acme/*");
        assertThat(made.out()).isEqualTo("mnt_new" + System.lineSeparator());
        assertThat(made.err()).contains("token 7, shown this once");
        assertThat(requests.getLast())
                .contains(
                        "\"label\":\"ci\"",
                        "\"scopes\":[\"release.publish:acme/*\"]",
                        "expires_at");
        assertThat(
                        run(
                                        "token", "create", "--label", "x", "--scope", "*:*",
                                        "--days", "0", "--json")
                                .out())
                .contains("\"token\":\"mnt_new\"");
        assertThat(requests.getLast()).doesNotContain("expires_at");

        answers.clear();
        String listed =
                "{\"tokens\":[{\"id\":7,\"label\":\"ci\",\"scopes\":[\"*:*\"],\"expires_at\":\"2030-01-01T00:00:00.5Z\"},"
                        + "{\"id\":6,\"label\":\"old\",\"scopes\":[\"*:*\"],\"revoked_at\":\"2026-01-01T00:00:00Z\"}]}";
        will("/api/v1/account/tokens", 200, listed);
        will("/api/v1/account/tokens?all=true", 200, listed);
        assertThat(run("token", "list").out())
                .contains("id", "2030-01-01T00:00:00Z", "never", "(revoked)");
        assertThat(run("token", "list", "--all", "--json").out()).contains("\"tokens\"");

        will("/api/v1/account/tokens/7", 200, "{}");
        assertThat(run("token", "revoke", "7").out()).contains("token 7 is revoked");
        Commands unknown = run("token", "revoke", "8");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.err()).contains("the registry answers 404");
        assertThat(Commands.run("token").out()).contains("create", "list", "revoke");
    }

    @Test
    void publishUsesTheSignIn() throws Exception {
        signedIn("access-1", "refresh-1", 900);
        Path jars = Files.createDirectories(home.resolve("jars"));
        PluginGenerator.generate(GeneratorOptions.of(1, 1, jars), done -> {});

        Commands refused = run("publish", jars.toString());

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(requests.getLast())
                .startsWith("PUT /api/v1/plugins/")
                .contains("Bearer access-1");
    }

    @Test
    void withoutAnyTokenItSaysWhereToGetOne() {
        Commands none = run("whoami");
        assertThat(none.exit()).isEqualTo(2);
        assertThat(none.err()).contains("./modunest login");
    }

    @Test
    void aDamagedFileAndARegistryThatIsAwayAreToldInWords() throws IOException {
        signedIn("access-1", "refresh-1", 900);
        Files.writeString(home.resolve(".modunest/sign-ins.json"), "[]");
        assertThat(run("whoami").err()).contains("damaged");
        Files.delete(home.resolve(".modunest/sign-ins.json"));
        signedIn("access-1", "refresh-1", 900);
        registry.stop(0);
        Commands away = run("whoami");
        assertThat(away.exit()).isEqualTo(1);
        assertThat(away.err()).contains("does not answer").doesNotContain("\tat ");
    }
}
