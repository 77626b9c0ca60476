package dev.modunest.format.trust.x509;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * One entry of a revocation list (RFC 5280 5.3).
 *
 * @param invalidity since when the key may be in wrong hands, as far as is known (5.3.2)
 */
public record Revocation(
        BigInteger serial, Instant time, RevocationReason reason, Optional<Instant> invalidity) {

    /**
     * Whether a signature that is proven to be made at {@code made} is bad: never after a mere
     * replacement of the certificate, else from the invalidity date on, and without one from the
     * revocation on.
     */
    public boolean spoils(Instant made) {
        return switch (reason) {
            case SUPERSEDED, CESSATION_OF_OPERATION, AFFILIATION_CHANGED -> false;
            case KEY_COMPROMISE,
                    CA_COMPROMISE,
                    AA_COMPROMISE,
                    UNSPECIFIED,
                    CERTIFICATE_HOLD,
                    REMOVE_FROM_CRL,
                    PRIVILEGE_WITHDRAWN ->
                    !made.isBefore(invalidity.orElse(time));
        };
    }
}
