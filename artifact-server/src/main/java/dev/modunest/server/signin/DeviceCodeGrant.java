package dev.modunest.server.signin;

import dev.modunest.db.Account;
import dev.modunest.db.Database;
import dev.modunest.db.Transaction;
import dev.modunest.db.identity.DeviceCode;
import dev.modunest.server.token.IssuedToken;
import dev.modunest.server.token.OAuthException;
import dev.modunest.server.token.TokenGrant;
import dev.modunest.server.token.TokenRequest;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/** Signs a device in once its person has agreed (RFC 8628, 3.4 and 3.5). */
final class DeviceCodeGrant implements TokenGrant {

    private final Database database;
    private final Sessions sessions;
    private final Duration interval;

    DeviceCodeGrant(Database database, Sessions sessions, Duration interval) {
        this.database = database;
        this.sessions = sessions;
        this.interval = interval;
    }

    @Override
    public String type() {
        return "urn:ietf:params:oauth:grant-type:device_code";
    }

    @Override
    public IssuedToken issue(TokenRequest request) {
        String sha256 = Sessions.sha256(request.require("device_code"));
        String client = request.require("client_id");
        // What refuses is told after the commit, which keeps when the device asked.
        Supplier<IssuedToken> answer = database.inTransaction(tx -> poll(tx, sha256, client));
        return answer.get();
    }

    private Supplier<IssuedToken> poll(Transaction tx, String sha256, String client) {
        Instant now = sessions.now();
        Optional<DeviceCode> found =
                tx.deviceCodes().poll(sha256, now).filter(code -> code.client().equals(client));
        if (found.isEmpty() || found.get().state().equals("used")) {
            return refusal("invalid_grant", "the device code is unknown or used; begin again");
        }
        DeviceCode code = found.get();
        if (!now.isBefore(code.expiresAt())) {
            return refusal("expired_token", "the device code has expired; begin again");
        }
        if (code.lastPolledAt().filter(last -> last.plus(interval).isAfter(now)).isPresent()) {
            return refusal("slow_down", "wait five seconds longer between two questions");
        }
        return switch (code.state()) {
            case "approved" -> approved(tx, sha256, code);
            case "denied" -> refusal("access_denied", "the sign-in was denied in the browser");
            default -> refusal("authorization_pending", "nobody has agreed in the browser yet");
        };
    }

    private Supplier<IssuedToken> approved(Transaction tx, String sha256, DeviceCode code) {
        tx.deviceCodes().use(sha256);
        Optional<Account> account = tx.accounts().find(code.accountId().orElseThrow());
        if (account.isEmpty()) {
            return refusal("access_denied", "the account is disabled");
        }
        IssuedToken token =
                sessions.beginDevice(
                        tx,
                        new Sessions.Proof(
                                account.get().id(),
                                account.get().name(),
                                code.method().orElse("unknown"),
                                code.authenticatedAt().orElseThrow()),
                        code.scopes(),
                        code.client());
        return () -> token;
    }

    private static Supplier<IssuedToken> refusal(String error, String description) {
        return () -> {
            throw new OAuthException(400, error, description);
        };
    }
}
