package dev.modunest.server.signin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Database;
import dev.modunest.server.auth.Scope;
import dev.modunest.server.body.FormBody;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.token.AccessTokens;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** {@code POST /oauth/device_authorization} (RFC 8628, 3.1). */
final class DeviceAuthorizationEndpoint {

    /** The one public client, whose name needs no secret. */
    static final String CLIENT = "modunest-cli";

    /** RFC 8628, 6.1: consonants, so that no words come of them, and none that look alike. */
    private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";

    private static final int LETTERS_IN_CODE = 8;
    private static final int TRIES = 5;
    private static final int MAX_SCOPES = 50;

    private final SignInConfig config;
    private final Database database;
    private final Sessions sessions;
    private final AccessTokens tokens;
    private final SecureRandom random = new SecureRandom();

    DeviceAuthorizationEndpoint(
            SignInConfig config, Database database, Sessions sessions, AccessTokens tokens) {
        this.config = config;
        this.database = database;
        this.sessions = sessions;
        this.tokens = tokens;
    }

    void post(ServerRequest request, ServerResponse response) {
        Map<String, String> form = FormBody.read(request);
        if (!CLIENT.equals(form.get("client_id"))) {
            refuse(
                    request,
                    response,
                    "invalid_client",
                    "client_id is " + CLIENT + ", the one client there is");
            return;
        }
        List<String> scopes = List.of(form.getOrDefault("scope", "*:*").split(" "));
        if (!areScopes(scopes)) {
            refuse(request, response, "invalid_scope", Scope.RULE);
            return;
        }
        String device = sessions.secret();
        String user = begin(device, scopes);
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("device_code", device)
                        .put("user_code", user)
                        .put("verification_uri", tokens.issuer() + "/device")
                        .put(
                                "verification_uri_complete",
                                tokens.issuer() + "/device?user_code=" + user)
                        .put("expires_in", config.deviceCode().toSeconds())
                        .put("interval", config.pollInterval().toSeconds());
        send(request, response, document);
    }

    private static boolean areScopes(List<String> scopes) {
        try {
            return scopes.size() <= MAX_SCOPES && !Scope.parseAll(scopes).isEmpty();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private String begin(String device, List<String> scopes) {
        Instant now = sessions.now();
        for (int i = 0; i < TRIES; i++) {
            String user = userCode();
            boolean free =
                    database.inTransaction(
                            tx ->
                                    tx.deviceCodes()
                                            .insert(
                                                    Sessions.sha256(device),
                                                    user,
                                                    CLIENT,
                                                    scopes,
                                                    now,
                                                    now.plus(config.deviceCode())));
            if (free) {
                return user;
            }
        }
        throw new IllegalStateException("no user code was free in " + TRIES + " tries");
    }

    private String userCode() {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < LETTERS_IN_CODE; i++) {
            if (i == LETTERS_IN_CODE / 2) {
                code.append('-');
            }
            code.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return code.toString();
    }

    private static void refuse(
            ServerRequest request, ServerResponse response, String error, String description) {
        response.status(Status.BAD_REQUEST_400);
        send(
                request,
                response,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("error", error)
                        .put("error_description", description));
    }

    private static void send(ServerRequest request, ServerResponse response, ObjectNode document) {
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        Answers.send(
                request,
                response,
                "application/json",
                document.toString().getBytes(StandardCharsets.UTF_8));
    }
}
