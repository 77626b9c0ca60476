package dev.modunest.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.Headers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Accounts, sign-in and API tokens of a fake registry, in memory: what a developer needs on the way
 * to a token. The session of an account is its name.
 */
final class FakeAccounts {

    static final String ADMINISTRATOR = "mnt_a";

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, String> passwords = new ConcurrentHashMap<>();

    /** What is answered; {@code cookie} is empty for none. */
    record Answer(int status, String body, String cookie) {

        Answer(int status, String body) {
            this(status, body, "");
        }

        static Answer problem(int status, String detail) {
            return new Answer(status, "{\"detail\":\"" + detail + "\"}");
        }
    }

    Set<String> names() {
        return passwords.keySet();
    }

    /** {@code POST /api/v1/accounts}. */
    Answer create(Headers headers, byte[] body) throws IOException {
        if (!("Bearer " + ADMINISTRATOR).equals(headers.getFirst("Authorization"))) {
            return Answer.problem(403, "only administrators make accounts");
        }
        JsonNode account = JSON.readTree(body);
        String name = account.path("account").asText();
        return passwords.putIfAbsent(name, account.path("password").asText()) == null
                ? new Answer(201, "{}")
                : Answer.problem(409, "There is an account " + name);
    }

    /** {@code POST /sign-in}. */
    Answer signIn(Headers headers, byte[] body) {
        List<String> form = List.of(new String(body, StandardCharsets.UTF_8).split("&", -1));
        String account = form.getFirst().replace("account=", "");
        boolean good =
                form.getLast().equals("password=" + passwords.get(account)) && sameOrigin(headers);
        return good
                ? new Answer(303, "", "modunest-session=" + account + "; Path=/; HttpOnly")
                : new Answer(403, "<html>wrong</html>");
    }

    /** {@code POST /api/v1/account/tokens}. */
    Answer makeToken(Headers headers) {
        String session =
                Objects.requireNonNullElse(headers.getFirst("Cookie"), "")
                        .replace("modunest-session=", "");
        return passwords.containsKey(session) && sameOrigin(headers)
                ? new Answer(201, "{\"token\":\"mnt_of-" + session + "\"}")
                : Answer.problem(401, "sign in");
    }

    private static boolean sameOrigin(Headers headers) {
        return ("http://" + headers.getFirst("Host")).equals(headers.getFirst("Origin"));
    }
}
