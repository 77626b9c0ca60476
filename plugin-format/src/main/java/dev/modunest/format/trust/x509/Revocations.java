package dev.modunest.format.trust.x509;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is revoked below some authorities: of each CA the newest of the lists that it signed,
 * checked once. Immutable.
 */
public final class Revocations {

    private final Map<Certificate, RevocationList> byIssuer = new HashMap<>();

    public Revocations(List<AuthorityChain> authorities, List<RevocationList> lists) {
        for (AuthorityChain chain : authorities) {
            for (Certificate ca : chain.certificates()) {
                lists.stream()
                        .filter(list -> list.faultBy(ca).isEmpty())
                        .max(Comparator.comparing(RevocationList::number))
                        .ifPresent(list -> byIssuer.put(ca, list));
            }
        }
    }

    /**
     * Why a signature made at {@code made} with the certificate is not good, seen at {@code now};
     * empty when it is. The CA of the certificate must have a current list; those above are asked
     * when they have one.
     */
    public Optional<String> faultOf(
            Certificate leaf, AuthorityChain chain, Instant made, Instant now) {
        RevocationList current = byIssuer.get(chain.issuing());
        if (current == null) {
            return Optional.of("no revocation list of the CA is at hand");
        }
        if (!current.validity().contains(now)) {
            return Optional.of(
                    "the revocation list is current " + current.validity() + ", not at " + now);
        }
        Certificate below = leaf;
        for (Certificate ca : chain.certificates()) {
            RevocationList list = byIssuer.get(ca);
            Optional<Revocation> entry =
                    list == null ? Optional.empty() : list.find(below.serial());
            if (entry.isPresent() && entry.get().spoils(made)) {
                return Optional.of(describe(below, entry.get(), made));
            }
            below = ca;
        }
        return Optional.empty();
    }

    private static String describe(Certificate certificate, Revocation entry, Instant made) {
        return "the "
                + certificate
                + " is revoked ("
                + entry.reason()
                + ") for signatures from "
                + entry.invalidity().orElse(entry.time())
                + " on, and this one is of "
                + made;
    }
}
