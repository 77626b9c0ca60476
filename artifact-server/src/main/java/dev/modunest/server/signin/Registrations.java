package dev.modunest.server.signin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Transaction;
import dev.modunest.server.oidc.Identity;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.server.problem.RequestId;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Which account somebody is who signed in at a provider. Issuer and subject alone say so: an
 * address of e-mail or a name may be another person's tomorrow.
 */
final class Registrations {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_NAME = 56;
    private static final int TRIES = 100;

    private final boolean register;

    Registrations(boolean register) {
        this.register = register;
    }

    /** The account, made at the first sign-in where that is allowed. */
    Account account(Transaction tx, Identity identity, Instant now) {
        String issuer = identity.issuer().toString();
        Optional<Long> known = tx.identities().findAccount(issuer, identity.subject());
        Account account =
                known.map(
                                id ->
                                        tx.accounts()
                                                .find(id)
                                                .orElseThrow(
                                                        () ->
                                                                refused(
                                                                        "The account is disabled; ask an administrator of the registry")))
                        .orElseGet(() -> register(tx, identity, now));
        link(tx, account, identity, now);
        return account;
    }

    private Account register(Transaction tx, Identity identity, Instant now) {
        if (!register) {
            throw refused(
                    "Nobody here has this sign-in, and accounts are made by administrators (sign_in.register); ask one");
        }
        String wanted = name(identity);
        for (int i = 1; i <= TRIES; i++) {
            Optional<Account> made =
                    tx.accounts().insert(i == 1 ? wanted : wanted + "-" + i, false, now);
            if (made.isPresent()) {
                identity.name().ifPresent(name -> setDisplayName(tx, made.get(), name));
                audit(tx, made.get(), "account.registered", identity, now);
                return made.get();
            }
        }
        throw refused("No name like " + wanted + " is free; have an administrator make an account");
    }

    private static void setDisplayName(Transaction tx, Account account, String name) {
        tx.accounts().setDisplayName(account.id(), name.substring(0, Math.min(name.length(), 200)));
    }

    private static void link(Transaction tx, Account account, Identity identity, Instant now) {
        boolean own =
                tx.identities()
                        .put(
                                identity.issuer().toString(),
                                identity.subject(),
                                account.id(),
                                identity.email(),
                                claims(identity),
                                now);
        if (!own) {
            throw refused("This sign-in belongs to another account; sign out, and in with it");
        }
    }

    private static String claims(Identity identity) {
        try {
            return JSON.writeValueAsString(identity.claims().values());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("claims come from JSON", impossible);
        }
    }

    /** The name that the provider prefers, as far as names here have it. */
    static String name(Identity identity) {
        String wanted =
                identity.claims()
                        .text("preferred_username")
                        .or(identity::email)
                        .or(identity::name)
                        .orElse("account");
        String plain =
                wanted.replaceFirst("@.*", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9]+", "-")
                        .replaceAll("^-+", "");
        String cut = plain.substring(0, Math.min(plain.length(), MAX_NAME)).replaceAll("-+$", "");
        return cut.isEmpty() ? "account" : cut;
    }

    private static void audit(
            Transaction tx, Account account, String action, Identity identity, Instant now) {
        tx.audit()
                .append(
                        new AuditEntry(
                                now,
                                account,
                                action,
                                "account " + account.name(),
                                Optional.of("by " + identity.provider()),
                                Optional.of(RequestId.current())));
    }

    private static Rejection refused(String detail) {
        return new Rejection(ProblemCode.SIGN_IN_REFUSED, detail);
    }
}
