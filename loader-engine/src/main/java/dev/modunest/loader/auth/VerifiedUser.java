package dev.modunest.loader.auth;

import dev.modunest.loader.UserIdentity;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * An identity that {@link TokenVerifier} made; nothing else makes one.
 *
 * @param by the verifier: a plugin could open a service that trusts whom it likes
 */
record VerifiedUser(
        TokenVerifier by,
        String issuer,
        String subject,
        String clientId,
        String tokenId,
        Optional<String> session,
        Set<String> scopes,
        Instant expires)
        implements UserIdentity {

    VerifiedUser {
        scopes = Set.copyOf(scopes);
    }

    /** Whether both are one person at one issuer, in one session if that is known. */
    boolean isSameAs(VerifiedUser other) {
        return by == other.by
                && issuer.equals(other.issuer)
                && subject.equals(other.subject)
                && session.equals(other.session);
    }

    @Override
    public String toString() {
        return subject + " at " + issuer;
    }
}
