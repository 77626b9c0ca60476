package dev.modunest.server.signin;

import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.identity.DeviceCode;
import dev.modunest.server.admission.RateLimits;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.body.FormBody;
import dev.modunest.server.problem.RequestId;

import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** {@code /device}: the page where a person signs a device in (RFC 8628, 3.3). */
final class DeviceEndpoint {

    private final Database database;
    private final Sessions sessions;
    private final RateLimits limits;

    DeviceEndpoint(Database database, Sessions sessions, RateLimits limits) {
        this.database = database;
        this.sessions = sessions;
        this.limits = limits;
    }

    /** {@code GET /device?user_code=}; who is not signed in does that first. */
    void page(ServerRequest request, ServerResponse response) {
        Optional<String> userCode =
                request.query().first("user_code").asOptional().map(DeviceEndpoint::plain);
        if (browser(request).isEmpty()) {
            String back = "/device" + userCode.map(code -> "?user_code=" + encode(code)).orElse("");
            Pages.redirect(response, "/sign-in?return_to=" + encode(back));
            return;
        }
        if (userCode.isEmpty()) {
            ask(response, "");
            return;
        }
        Optional<DeviceCode> waiting =
                database.read(tx -> tx.deviceCodes().findPending(userCode.get(), sessions.now()));
        if (waiting.isEmpty()) {
            unknown(request, response);
            return;
        }
        confirm(response, browser(request).get(), waiting.get());
    }

    private static Optional<Principal.Developer> browser(ServerRequest request) {
        return Caller.findDeveloper(request).filter(Principal.Developer::cookie);
    }

    /** As it is kept, however it was typed. */
    private static String plain(String typed) {
        String letters = typed.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
        return letters.length() == 8
                ? letters.substring(0, 4) + "-" + letters.substring(4)
                : letters;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void ask(ServerResponse response, String problem) {
        Pages.send(
                response,
                problem.isEmpty() ? Status.OK_200 : Status.FORBIDDEN_403,
                "Sign a device in",
                problem
                        + """
                          <form method="get" action="/device">
                          <label for="user_code">The code that the device shows</label>
                          <input id="user_code" name="user_code" autocomplete="off" required>
                          <button>Go on</button></form>""");
    }

    private void unknown(ServerRequest request, ServerResponse response) {
        limits.countRefusedCredential(request);
        ask(
                response,
                Pages.problem(
                        "No device waits with this code; compare it, or begin again on the device"));
    }

    private static void confirm(
            ServerResponse response, Principal.Developer caller, DeviceCode code) {
        Pages.send(
                response,
                Status.OK_200,
                "Sign a device in",
                "<p>The client <strong>"
                        + Pages.escape(code.client())
                        + "</strong> that shows <code>"
                        + Pages.escape(code.userCode())
                        + "</code> will act as <strong>"
                        + Pages.escape(caller.account().name())
                        + "</strong> with the scopes <code>"
                        + Pages.escape(String.join(" ", code.scopes()))
                        + "</code>. Agree only when you began this yourself and the codes are the same.</p>"
                        + "<form method=\"post\" action=\"/device\">"
                        + Pages.hidden("user_code", code.userCode())
                        + "<button name=\"decision\" value=\"approve\">Sign it in</button>"
                        + "<button class=\"plain\" name=\"decision\" value=\"deny\">Refuse</button></form>");
    }

    /** {@code POST /device}. */
    void decide(ServerRequest request, ServerResponse response) {
        Optional<Principal.Developer> caller = browser(request);
        if (caller.isEmpty()) {
            Pages.redirect(response, "/sign-in?return_to=" + encode("/device"));
            return;
        }
        Map<String, String> form = FormBody.read(request);
        String userCode = plain(form.getOrDefault("user_code", ""));
        boolean approve = "approve".equals(form.get("decision"));
        if (!decide(caller.get(), userCode, approve)) {
            unknown(request, response);
            return;
        }
        Pages.send(
                response,
                Status.OK_200,
                approve ? "The device is signed in" : "The device was refused",
                "<p>You can close this page.</p>");
    }

    private boolean decide(Principal.Developer caller, String userCode, boolean approve) {
        return database.inTransaction(
                tx -> {
                    boolean decided =
                            approve
                                    ? tx.deviceCodes()
                                            .approve(
                                                    userCode,
                                                    caller.account().id(),
                                                    caller.authenticatedAt()
                                                            .orElseGet(sessions::now),
                                                    method(caller),
                                                    sessions.now())
                                    : tx.deviceCodes().deny(userCode, sessions.now());
                    if (decided) {
                        tx.audit()
                                .append(
                                        new AuditEntry(
                                                sessions.now(),
                                                caller.account(),
                                                approve ? "device.approved" : "device.denied",
                                                "device " + userCode,
                                                Optional.empty(),
                                                Optional.of(RequestId.current())));
                    }
                    return decided;
                });
    }

    private String method(Principal.Developer caller) {
        return caller.session()
                .flatMap(id -> database.read(tx -> tx.sessions().find(id)))
                .map(session -> session.method())
                .orElse("unknown");
    }
}
