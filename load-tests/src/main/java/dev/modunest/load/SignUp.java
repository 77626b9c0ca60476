package dev.modunest.load;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The way of a developer to a token of its own: an administrator makes the account, the developer
 * signs in with its password and makes the token as a browser does. Reads the little it needs of
 * answers by patterns, so that no JSON library has to be on the class path. Thread-safe.
 */
final class SignUp {

    private static final String ACCOUNTS = "/api/v1/accounts";
    private static final String SIGN_IN = "/sign-in";
    private static final String TOKENS = "/api/v1/account/tokens";
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final int CREATED = 201;
    private static final int SEE_OTHER = 303;
    private static final int PASSWORD_BYTES = 24;

    private static final String TOKEN_BODY = "{\"label\":\"load test\",\"scopes\":[\"*:*\"]}";
    private static final Pattern TOKEN = Pattern.compile("\"token\"\\s*:\\s*\"([^\"]+)\"");

    /** Of a problem document (RFC 9457); a page for people has none. */
    private static final Pattern DETAIL =
            Pattern.compile("\"detail\"\\s*:\\s*\"((?:[^\"\\\\]++|\\\\.)*+)\"");

    /** With the prefix where the registry is known by an https address (RFC 6265bis, 4.1.3.2). */
    private static final Pattern COOKIE = Pattern.compile("(?:__Host-)?modunest-session=[^;]+");

    private final RegistryClient client;
    private final String administrator;
    private final SecureRandom random = new SecureRandom();

    SignUp(RegistryClient client, String administrator) {
        this.client = client;
        this.administrator = administrator;
    }

    /** Makes {@code account}, which must not be there, and a token that may do what it may. */
    String token(String account) {
        String password = password();
        create(account, password);
        return makeToken(account, signIn(account, password));
    }

    private String password() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private void create(String account, String password) {
        String body = "{\"account\":\"%s\",\"password\":\"%s\"}".formatted(account, password);
        RegistryClient.Answer answer =
                client.send(
                        post(ACCOUNTS, JSON, body)
                                .header("Authorization", "Bearer " + administrator));
        if (answer.status() != CREATED) {
            throw refused(ACCOUNTS, account, answer);
        }
    }

    /** The cookie of the session. */
    private String signIn(String account, String password) {
        String form = "account=" + encode(account) + "&password=" + encode(password);
        RegistryClient.Answer answer =
                client.send(post(SIGN_IN, FORM, form).header("Origin", origin()));
        return answer.headers().allValues("Set-Cookie").stream()
                .map(COOKIE::matcher)
                .filter(Matcher::lookingAt)
                .map(Matcher::group)
                .filter(cookie -> answer.status() == SEE_OTHER)
                .findFirst()
                .orElseThrow(() -> refused(SIGN_IN, account, answer));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private String makeToken(String account, String cookie) {
        RegistryClient.Answer answer =
                client.send(
                        post(TOKENS, JSON, TOKEN_BODY)
                                .header("Origin", origin())
                                .header("Cookie", cookie));
        return find(TOKEN, answer.body())
                .filter(token -> answer.status() == CREATED)
                .orElseThrow(() -> refused(TOKENS, account, answer));
    }

    private HttpRequest.Builder post(String path, String type, String body) {
        return HttpRequest.newBuilder(client.base().resolve(path))
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body));
    }

    private String origin() {
        URI base = client.base();
        return base.getScheme() + "://" + base.getRawAuthority();
    }

    private static LoadTestException refused(
            String path, String account, RegistryClient.Answer answer) {
        return new LoadTestException(
                "POST "
                        + path
                        + " answered "
                        + answer.status()
                        + " for "
                        + account
                        + find(DETAIL, answer.body()).map(detail -> ": " + detail).orElse(""));
    }

    private static Optional<String> find(Pattern pattern, String body) {
        Matcher matcher = pattern.matcher(body);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
