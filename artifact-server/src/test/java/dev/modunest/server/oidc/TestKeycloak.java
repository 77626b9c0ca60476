package dev.modunest.server.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One Keycloak for all tests of the JVM, from its own distribution, which Maven unpacks before the
 * integration tests. It keeps its data in memory, so each start is the same: two realms with the
 * confidential client {@link #CLIENT}, the people alice and bob in one, another alice in the other.
 */
public final class TestKeycloak {

    /** Its client in every realm; takes redirects to any port of 127.0.0.1. */
    public static final String CLIENT = "modunest";

    private static final String ADMIN = "admin";
    private static final Path DISTRIBUTIONS = Path.of("target", "keycloak");
    private static final Path LOG = DISTRIBUTIONS.resolve("keycloak.log");
    private static final Pattern LISTENING = Pattern.compile("Listening on: (http://[0-9.:]+)");
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Pattern LOGIN_ACTION =
            Pattern.compile("<form[^>]*id=\"kc-form-login\"[^>]*action=\"([^\"]+)\"");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI uri;
    private final HttpClient http = HttpClient.newHttpClient();

    /** A realm: an OpenID provider of its own. */
    public enum Realm {
        /** Signs by RS256; alice is verified and in the groups acme and tools, bob is neither. */
        ACME("s3cret"),
        /** Signs by ES256; has an alice of its own. */
        OTHER("0ther");

        private final String secret;

        Realm(String secret) {
            this.secret = secret;
        }

        String path() {
            return name().toLowerCase(Locale.ROOT);
        }

        public String clientSecret() {
            return secret;
        }
    }

    private static final class Once {
        private static final TestKeycloak INSTANCE = launch();
    }

    private TestKeycloak(URI uri) {
        this.uri = uri;
    }

    /** The one of this JVM; starts it when it is the first call, which takes half a minute. */
    public static TestKeycloak start() {
        return Once.INSTANCE;
    }

    public URI issuer(Realm realm) {
        return uri.resolve("/realms/" + realm.path());
    }

    /** The settings of a provider, for variables that begin with {@code prefix}. */
    public Map<String, String> settings(String prefix, Realm realm) {
        return Map.of(
                prefix + "ISSUER", issuer(realm).toString(),
                prefix + "CLIENT_ID", CLIENT,
                prefix + "CLIENT_SECRET", realm.clientSecret());
    }

    /** The password of {@code user} in every realm. */
    public static String password(String user) {
        return "pw-of-" + user;
    }

    /**
     * Signs {@code user} in at {@code location} like a browser that never was here: gets the form,
     * fills it in, and gives the redirect that ends the provider's part, without following it.
     */
    public URI signIn(URI location, String user, String password) {
        HttpResponse<String> page = send(HttpRequest.newBuilder(location).build());
        Matcher form = LOGIN_ACTION.matcher(page.body());
        if (!form.find()) {
            throw new IllegalStateException(
                    "no form to sign in at " + location + ": " + page.statusCode());
        }
        HttpResponse<String> answer =
                send(
                        post(
                                        URI.create(form.group(1).replace("&amp;", "&")),
                                        Map.of("username", user, "password", password))
                                .header("Cookie", cookies(page))
                                .build());
        return answer.headers()
                .firstValue("Location")
                .map(URI::create)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        user + " is not let in: " + answer.statusCode()));
    }

    /**
     * What a browser sends back. The JDK's CookieManager would not, since it knows nothing of
     * loopback addresses as secure ones, and Keycloak marks its cookies so.
     */
    private static String cookies(HttpResponse<?> page) {
        return page.headers().allValues("Set-Cookie").stream()
                .map(cookie -> cookie.replaceFirst(";.*", ""))
                .collect(Collectors.joining("; "));
    }

    /** Makes a new key pair, with which the realm signs from now on; older ones stay published. */
    public void rotateKeys(Realm realm) {
        JsonNode description =
                JSON.createObjectNode()
                        .put("name", "rsa-" + System.nanoTime())
                        .put("providerId", "rsa-generated")
                        .put("providerType", "org.keycloak.keys.KeyProvider")
                        .set(
                                "config",
                                JSON.valueToTree(
                                        Map.of(
                                                "priority", List.of("1000"),
                                                "enabled", List.of("true"),
                                                "active", List.of("true"),
                                                "algorithm", List.of("RS256"),
                                                "keySize", List.of("2048"))));
        HttpResponse<String> answer =
                send(
                        HttpRequest.newBuilder(
                                        uri.resolve(
                                                "/admin/realms/" + realm.path() + "/components"))
                                .header("Authorization", "Bearer " + adminToken())
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(description.toString()))
                                .build());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("no new key: " + answer.statusCode());
        }
    }

    private String adminToken() {
        HttpResponse<String> answer =
                send(
                        post(
                                        uri.resolve("/realms/master/protocol/openid-connect/token"),
                                        Map.of(
                                                "grant_type",
                                                "password",
                                                "client_id",
                                                "admin-cli",
                                                "username",
                                                ADMIN,
                                                "password",
                                                ADMIN))
                                .build());
        try {
            return JSON.readTree(answer.body()).path("access_token").asText();
        } catch (IOException malformed) {
            throw new IllegalStateException(malformed);
        }
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static HttpRequest.Builder post(URI to, Map<String, String> form) {
        return HttpRequest.newBuilder(to)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(AuthorizationRequest.form(form)));
    }

    private static TestKeycloak launch() {
        try {
            Path home = home();
            for (Realm realm : Realm.values()) {
                importLater(realm, home.resolve("data/import"));
            }
            Process process = process(home);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process)));
            return new TestKeycloak(awaitListening(process));
        } catch (IOException failed) {
            throw new IllegalStateException("Keycloak does not start", failed);
        }
    }

    private static Path home() throws IOException {
        try (Stream<Path> found = Files.list(DISTRIBUTIONS)) {
            return found.filter(folder -> folder.getFileName().toString().startsWith("keycloak-"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no distribution in " + DISTRIBUTIONS))
                    .toAbsolutePath();
        }
    }

    private static void importLater(Realm realm, Path folder) throws IOException {
        Files.createDirectories(folder);
        String name = "keycloak-" + realm.path() + ".json";
        try (InputStream in =
                Objects.requireNonNull(TestKeycloak.class.getResourceAsStream(name))) {
            Files.copy(
                    in,
                    folder.resolve(realm.path() + "-realm.json"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Process process(Path home) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "sh",
                        home.resolve("bin/kc.sh").toString(),
                        "start-dev",
                        "--db=dev-mem",
                        "--http-host=127.0.0.1",
                        "--http-port=0",
                        "--import-realm");
        builder.environment()
                .putAll(
                        Map.of(
                                "JAVA_HOME",
                                System.getProperty("java.home"),
                                "JAVA_OPTS_APPEND",
                                "-Xmx512m",
                                "KC_BOOTSTRAP_ADMIN_USERNAME",
                                ADMIN,
                                "KC_BOOTSTRAP_ADMIN_PASSWORD",
                                ADMIN));
        return builder.redirectErrorStream(true).redirectOutput(LOG.toFile()).start();
    }

    /** The address in the log, which it writes when the realms are imported and it listens. */
    private static URI awaitListening(Process process) throws IOException {
        long begun = System.nanoTime();
        while (true) {
            Matcher listening = LISTENING.matcher(Files.readString(LOG));
            if (listening.find()) {
                return URI.create(listening.group(1));
            }
            if (!process.isAlive() || System.nanoTime() - begun > START_LIMIT.toNanos()) {
                stop(process);
                throw new IOException("it does not listen; see " + LOG);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** The script and the server that it started. */
    private static void stop(Process process) {
        List<ProcessHandle> all =
                Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            each.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
    }
}
