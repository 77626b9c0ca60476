package dev.modunest.server.signin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.db.Account;
import dev.modunest.db.Actor;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;
import dev.modunest.db.identity.SignInStore;
import dev.modunest.server.admission.Parties;
import dev.modunest.server.admission.RateLimits;
import dev.modunest.server.auth.Caller;
import dev.modunest.server.auth.Credentials;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.body.FormBody;
import dev.modunest.server.guard.SameOrigin;
import dev.modunest.server.oidc.AuthorizationRequest;
import dev.modunest.server.oidc.AuthorizationResponse;
import dev.modunest.server.oidc.Identity;
import dev.modunest.server.oidc.OidcException;
import dev.modunest.server.oidc.RelyingParty;
import dev.modunest.server.password.LocalAccounts;
import dev.modunest.server.password.Sealer;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;
import dev.modunest.server.token.AccessTokens;

import io.helidon.http.HeaderNames;
import io.helidon.http.SetCookie;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** {@code /sign-in} and {@code /sign-out}: a browser's session, by password or at a provider. */
final class SignInEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(SignInEndpoint.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Binds a sign-in at a provider to the browser that began it (RFC 9700, 4.7). */
    private static final String BROWSER_COOKIE = "modunest-sign-in";

    private static final String AGAIN =
            "Account, password or code is wrong, or it was tried too often; try again, after a while";

    private final SignInConfig config;
    private final Database database;
    private final Sessions sessions;
    private final Registrations registrations;
    private final RelyingParty providers;
    private final LocalAccounts locals;
    private final Sealer sealer;
    private final AccessTokens tokens;
    private final RateLimits limits;
    private final Parties parties;

    SignInEndpoint(
            SignInConfig config,
            Database database,
            Sessions sessions,
            RelyingParty providers,
            LocalAccounts locals,
            Sealer sealer,
            AccessTokens tokens,
            RateLimits limits,
            Parties parties) {
        this.config = config;
        this.database = database;
        this.sessions = sessions;
        this.registrations = new Registrations(config.register());
        this.providers = providers;
        this.locals = locals;
        this.sealer = sealer;
        this.tokens = tokens;
        this.limits = limits;
        this.parties = parties;
    }

    /** {@code GET /sign-in?return_to=}. */
    void page(ServerRequest request, ServerResponse response) {
        page(response, Status.OK_200, returnTo(request), "");
    }

    private static String returnTo(ServerRequest request) {
        return ReturnPath.of(request.query().first("return_to").asOptional());
    }

    private void page(ServerResponse response, Status status, String returnTo, String problem) {
        StringBuilder body = new StringBuilder(problem);
        String back = "?return_to=" + java.net.URLEncoder.encode(returnTo, StandardCharsets.UTF_8);
        providers
                .providers()
                .forEach(
                        (name, provider) ->
                                body.append("<a class=\"button\" href=\"/sign-in/")
                                        .append(name)
                                        .append(Pages.escape(back))
                                        .append("\">Sign in with ")
                                        .append(Pages.escape(provider.displayName().orElse(name)))
                                        .append("</a>"));
        body.append("<form method=\"post\" action=\"/sign-in\">")
                .append(Pages.hidden("return_to", returnTo))
                .append(
                        """
                        <label for="account">Account</label><input id="account" name="account" autocomplete="username" required>
                        <label for="password">Password</label>
                        <input id="password" name="password" type="password" autocomplete="current-password" required>
                        <label for="code">Code of the app, where one is asked for</label>
                        <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6">
                        <button>Sign in</button></form>""");
        Pages.send(response, status, "Sign in to Modu-Nest", body.toString());
    }

    /** {@code POST /sign-in}. */
    void password(ServerRequest request, ServerResponse response) {
        SameOrigin.require(request);
        Map<String, String> form = FormBody.read(request);
        String returnTo = ReturnPath.of(Optional.ofNullable(form.get("return_to")));
        Optional<String> code =
                Optional.ofNullable(form.get("code")).filter(text -> !text.isBlank());
        LocalAccounts.Attempt attempt =
                locals.attempt(
                        form.getOrDefault("account", ""), form.getOrDefault("password", ""), code);
        switch (attempt) {
            case LocalAccounts.Attempt.Accepted(long id, String account, String method) ->
                    begin(
                            request,
                            response,
                            new Sessions.Proof(id, account, method, sessions.now()),
                            returnTo);
            case LocalAccounts.Attempt.CodeNeeded _ ->
                    page(
                            response,
                            Status.FORBIDDEN_403,
                            returnTo,
                            Pages.problem(
                                    "The account asks for a code too; enter the one that the app shows"));
            case LocalAccounts.Attempt.Refused(Optional<Long> account) -> {
                limits.countRefusedCredential(request);
                auditRefusal(account, parties.addressText(request));
                page(response, Status.FORBIDDEN_403, returnTo, Pages.problem(AGAIN));
            }
        }
    }

    /** A name that nobody has may be a password in the wrong field: it is not kept. */
    private void auditRefusal(Optional<Long> accountId, String address) {
        database.<Boolean>inTransaction(
                tx -> {
                    String subject =
                            accountId
                                    .flatMap(tx.accounts()::find)
                                    .map(account -> "account " + account.name())
                                    .orElse("no account");
                    tx.audit()
                            .append(
                                    new AuditEntry(
                                                    sessions.now(),
                                                    Actor.NOBODY,
                                                    "sign-in.refused",
                                                    subject,
                                                    Optional.empty(),
                                                    Optional.of(RequestId.current()),
                                                    "{}")
                                            .withAddress(address));
                    return true;
                });
    }

    private void begin(
            ServerRequest request, ServerResponse response, Sessions.Proof proof, String returnTo) {
        // A session that was there before goes, so that none is fixed on the browser.
        endPresent(request, "another sign-in");
        String cookie =
                sessions.beginBrowser(
                        proof,
                        request.headers().first(HeaderNames.USER_AGENT).orElse("a browser"),
                        parties.addressText(request));
        response.headers().addCookie(cookie(sessionCookie(), cookie, config.session(), "/"));
        Pages.redirect(response, returnTo);
    }

    private void endPresent(ServerRequest request, String reason) {
        if (Caller.of(request) instanceof Principal.Developer caller && caller.cookie()) {
            caller.session().ifPresent(id -> sessions.end(caller.account(), id, reason));
        }
    }

    private boolean isHttps() {
        return "https".equals(tokens.issuer().getScheme());
    }

    private String sessionCookie() {
        return isHttps() ? Credentials.SECURE_COOKIE : Credentials.COOKIE;
    }

    private SetCookie cookie(String name, String value, Duration age, String path) {
        return SetCookie.builder(name, value)
                .httpOnly(true)
                .secure(isHttps())
                .sameSite(SetCookie.SameSite.LAX)
                .path(path)
                .maxAge(age)
                .build();
    }

    /** {@code POST /sign-out}. */
    void signOut(ServerRequest request, ServerResponse response) {
        SameOrigin.require(request);
        endPresent(request, "signed out");
        response.headers().addCookie(cookie(sessionCookie(), "", Duration.ZERO, "/"));
        Pages.redirect(response, "/sign-in");
    }

    /** {@code GET /sign-in/{provider}?return_to=}: off to the provider. */
    void provider(ServerRequest request, ServerResponse response) {
        String name = request.path().pathParameters().get("provider");
        try {
            AuthorizationRequest begun =
                    providers.begin(
                            name, URI.create(tokens.issuer() + "/sign-in/" + name + "/callback"));
            URI location = providers.location(begun);
            String browser = sessions.secret();
            keep(begun, browser, returnTo(request));
            response.headers()
                    .addCookie(cookie(BROWSER_COOKIE, browser, config.atProvider(), "/sign-in"));
            Pages.redirect(response, location.toString());
        } catch (OidcException failed) {
            failed(response, failed);
        }
    }

    private void keep(AuthorizationRequest begun, String browser, String returnTo) {
        String state = Sessions.sha256(begun.state());
        byte[] sealed = sealer.seal(write(begun), "sign-in:" + state);
        database.<Boolean>inTransaction(
                tx -> {
                    tx.signIns()
                            .insert(
                                    state,
                                    begun.provider(),
                                    new SignInStore.Begun(
                                            Sessions.sha256(browser), sealed, returnTo),
                                    sessions.now(),
                                    sessions.now().plus(config.atProvider()));
                    return true;
                });
    }

    private static byte[] write(AuthorizationRequest begun) {
        try {
            return JSON.writeValueAsBytes(
                    Map.of(
                            "provider", begun.provider(),
                            "state", begun.state(),
                            "nonce", begun.nonce(),
                            "verifier", begun.codeVerifier(),
                            "redirect", begun.redirectUri().toString()));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static AuthorizationRequest read(byte[] opened) {
        try {
            JsonNode kept = JSON.readTree(opened);
            return new AuthorizationRequest(
                    kept.path("provider").asText(),
                    kept.path("state").asText(),
                    kept.path("nonce").asText(),
                    kept.path("verifier").asText(),
                    URI.create(kept.path("redirect").asText()));
        } catch (IOException corrupt) {
            throw new IllegalStateException("a sign-in that was kept cannot be read", corrupt);
        }
    }

    /** {@code GET /sign-in/{provider}/callback}: back from the provider. */
    void callback(ServerRequest request, ServerResponse response) {
        try {
            AuthorizationResponse answer = AuthorizationResponse.read(request.query().rawValue());
            String state = Sessions.sha256(answer.state());
            Optional<SignInStore.Begun> begun =
                    database.inTransaction(tx -> tx.signIns().take(state, sessions.now()));
            if (begun.filter(kept -> isSameBrowser(kept, request)).isEmpty()) {
                problem(
                        response,
                        "The sign-in took too long, was finished before, or was begun in another browser; begin again");
                return;
            }
            Identity identity =
                    providers.finish(
                            read(sealer.open(begun.get().sealed(), "sign-in:" + state)), answer);
            finish(request, response, identity, begun.get().returnTo());
        } catch (OidcException failed) {
            failed(response, failed);
        } catch (Rejection refused) {
            problem(response, refused.detail());
        }
    }

    private static boolean isSameBrowser(SignInStore.Begun begun, ServerRequest request) {
        return request.headers()
                .cookies()
                .first(BROWSER_COOKIE)
                .asOptional()
                .filter(cookie -> begun.browserSha256().equals(Sessions.sha256(cookie)))
                .isPresent();
    }

    /**
     * Signs in whose identity it is, also where another account is signed in: an identity is never
     * linked to that one, since another site can begin this with an identity of its own.
     */
    private void finish(
            ServerRequest request, ServerResponse response, Identity identity, String returnTo) {
        Account account =
                database.inTransaction(tx -> registrations.account(tx, identity, sessions.now()));
        begin(
                request,
                response,
                new Sessions.Proof(
                        account.id(), account.name(), identity.provider(), sessions.now()),
                returnTo);
    }

    private static void failed(ServerResponse response, OidcException failed) {
        if (failed.reason().party() != OidcException.Party.CLIENT) {
            LOG.warn("a sign-in failed: {}: {}", failed.reason().code(), failed.detail());
        }
        problem(response, failed.detail());
    }

    private static void problem(ServerResponse response, String detail) {
        Pages.send(
                response,
                Status.FORBIDDEN_403,
                "Not signed in",
                Pages.problem(detail) + "<a class=\"button\" href=\"/sign-in\">Sign in</a>");
    }
}
