package dev.modunest.format.trust.x509;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The certificates of an issuing CA and of those above it, up to a root, with the time for which
 * they are trusted. What does not depend on a time is checked once, here. Immutable.
 */
public final class AuthorityChain {

    private static final int MAX_CERTIFICATES = 8;
    private static final Set<String> UNDERSTOOD_OF_LEAF =
            Set.of(
                    Oids.KEY_USAGE,
                    Oids.BASIC_CONSTRAINTS,
                    Oids.EXTENDED_KEY_USAGE,
                    Oids.SUBJECT_ALT_NAME);

    private final List<Certificate> certificates;
    private final Validity validFor;
    private final PathRules rules;
    private final Optional<String> fault;

    /**
     * The chain from the issuing CA to the root.
     *
     * @throws IllegalArgumentException when it is empty or too long
     */
    public AuthorityChain(List<Certificate> certificates, Validity validFor, PathRules rules) {
        if (certificates.isEmpty() || certificates.size() > MAX_CERTIFICATES) {
            throw new IllegalArgumentException(
                    "a chain of a CA has 1 to " + MAX_CERTIFICATES + " certificates");
        }
        this.certificates = List.copyOf(certificates);
        this.validFor = validFor;
        this.rules = rules;
        this.fault = findFault();
    }

    private Optional<String> findFault() {
        int casBelow = 0;
        for (int i = 0; i < certificates.size(); i++) {
            Certificate ca = certificates.get(i);
            boolean last = i + 1 == certificates.size();
            Certificate above = last ? ca : certificates.get(i + 1);
            Optional<String> found = rules.faultOfCa(ca, casBelow);
            if (found.isEmpty() && (!last || ca.isSelfIssued())) {
                found = rules.faultOfLink(ca, above);
            }
            if (found.isEmpty()) {
                found = faultOfNames(ca, i + 1);
            }
            if (found.isPresent()) {
                return found;
            }
            casBelow += ca.isSelfIssued() ? 0 : 1;
        }
        return Optional.empty();
    }

    /** Whether the CAs from {@code from} upwards permit the names of a certificate below them. */
    private Optional<String> faultOfNames(Certificate below, int from) {
        for (Certificate ca : certificates.subList(from, certificates.size())) {
            Optional<String> found =
                    ca.nameConstraints().flatMap(constraints -> constraints.faultOf(below));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    public Certificate issuing() {
        return certificates.getFirst();
    }

    /** From the issuing CA to the root. */
    public List<Certificate> certificates() {
        return certificates;
    }

    public Validity validFor() {
        return validFor;
    }

    /** Why nothing that hangs on this chain is trusted; empty when something may be. */
    public Optional<String> fault() {
        return fault;
    }

    /** Whether the certificate names this chain's issuing CA as its issuer. */
    public boolean isNamedBy(Certificate leaf) {
        return rules.faultOfNames(leaf, issuing()).isEmpty();
    }

    /**
     * Why a certificate for {@code purpose} is not good at {@code time}; empty when it is. Whether
     * it is revoked and what its own profile says is asked elsewhere.
     */
    public Optional<String> faultOf(Certificate leaf, Instant time, String purpose) {
        if (fault.isPresent()) {
            return fault;
        }
        if (!validFor.contains(time)) {
            return Optional.of("the CA is trusted for " + validFor + ", not at " + time);
        }
        for (Certificate ca : certificates) {
            if (!ca.validity().contains(time)) {
                return Optional.of("the " + ca + " is valid " + ca.validity() + ", not at " + time);
            }
            if (ca.purposes().isPresent() && !ca.purposes().get().contains(purpose)) {
                return Optional.of("the " + ca + " may not certify for the purpose " + purpose);
            }
        }
        return faultOfLeaf(leaf, time, purpose);
    }

    private Optional<String> faultOfLeaf(Certificate leaf, Instant time, String purpose) {
        if (!leaf.validity().contains(time)) {
            return Optional.of("the certificate is valid " + leaf.validity() + ", not at " + time);
        }
        if (leaf.isCa()) {
            return Optional.of("the certificate is of a CA");
        }
        if (!leaf.purposes().map(purposes -> purposes.contains(purpose)).orElse(false)) {
            return Optional.of("the certificate is not for the purpose " + purpose);
        }
        Optional<String> unknown =
                leaf.criticalOtherThan(UNDERSTOOD_OF_LEAF)
                        .map(oid -> "the certificate has an unknown critical extension " + oid);
        return unknown.or(() -> rules.faultOfAny(leaf))
                .or(() -> faultOfNames(leaf, 0))
                .or(() -> rules.faultOfLink(leaf, issuing()));
    }
}
