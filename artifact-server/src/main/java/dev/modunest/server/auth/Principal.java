package dev.modunest.server.auth;

import dev.modunest.db.Account;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Who acts, as a credential that was checked says. */
public sealed interface Principal {

    /** Nobody in particular: no credential was sent. */
    record Anonymous() implements Principal {
        @Override
        public String toString() {
            return "nobody";
        }
    }

    /**
     * An account, by an API token, an access token or a browser's session.
     *
     * @param scopes what the credential is limited to
     * @param token the API token, when it is one
     * @param session the session, when there is one
     * @param authenticatedAt when the account last proved who it is; empty for an API token
     * @param cookie whether a browser sent the credential by itself
     */
    record Developer(
            Account account,
            List<Scope> scopes,
            Optional<Long> token,
            Optional<UUID> session,
            Optional<Instant> authenticatedAt,
            boolean cookie)
            implements Principal {

        public Developer {
            scopes = List.copyOf(scopes);
        }

        /**
         * With an account and no credential, so without a limit: where an account is asked about.
         */
        public static Developer unlimited(Account account) {
            return new Developer(
                    account,
                    List.of(Scope.ALL),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false);
        }

        @Override
        public String toString() {
            return "account " + account.name();
        }
    }

    /**
     * A host that is enrolled.
     *
     * @param patterns of the plugins that it may have
     */
    record Host(UUID id, String name, List<PluginPattern> patterns) implements Principal {

        public Host {
            patterns = List.copyOf(patterns);
        }

        @Override
        public String toString() {
            return "host " + name;
        }
    }

    /**
     * Somebody who uses plugins, by a token for their endpoints: it opens nothing here.
     *
     * @param audience the endpoints that the token is for
     */
    record EndUser(String subject, List<String> audience, List<Scope> scopes, Instant expiresAt)
            implements Principal {

        public EndUser {
            audience = List.copyOf(audience);
            scopes = List.copyOf(scopes);
        }

        @Override
        public String toString() {
            return "user " + subject;
        }
    }

    /**
     * An edge of this registry.
     *
     * @param keepsPrivate whether it may fetch and keep private artifacts
     */
    record Edge(boolean keepsPrivate) implements Principal {
        @Override
        public String toString() {
            return "edge";
        }
    }
}
