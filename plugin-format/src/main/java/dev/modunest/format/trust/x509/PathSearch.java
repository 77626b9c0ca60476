package dev.modunest.format.trust.x509;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks for a path from the certificate of a server over intermediates, which nobody vouches for,
 * to a trusted root (RFC 4158), depth first with a bound on the work. Not thread-safe.
 */
final class PathSearch {

    private static final int MAX_DEPTH = 8;
    private static final int MAX_SIGNATURES = 200;

    private final List<Certificate> roots;
    private final List<Certificate> intermediates;
    private final Instant time;
    private final int depth;
    private final boolean web;
    private final PathRevocations revocations;
    private int signatures;
    private String fault = "no trusted CA issued the leaf";

    PathSearch(
            List<Certificate> roots,
            List<Certificate> intermediates,
            Instant time,
            Optional<Integer> depth,
            boolean web,
            PathRevocations revocations) {
        this.roots = roots;
        this.intermediates = intermediates;
        this.time = time;
        this.depth = Math.min(depth.orElse(MAX_DEPTH), MAX_DEPTH);
        this.web = web;
        this.revocations = revocations;
    }

    /** Why there is no path; empty when there is one. */
    Optional<String> faultOf(Certificate leaf) {
        Optional<String> own = PathRules.WEB.faultOfAny(leaf).or(() -> faultOfTime(leaf));
        if (own.isPresent()) {
            return own;
        }
        return reaches(new ArrayList<>(List.of(leaf))) ? Optional.empty() : Optional.of(fault);
    }

    /** Whether the path, from the leaf upwards, can be completed. */
    private boolean reaches(List<Certificate> path) {
        for (Certificate root : roots) {
            if (isIssuer(root, path) && isRoot(root) && isCurrent(path, root)) {
                return true;
            }
        }
        if (path.size() > depth) {
            fault = "the path is longer than " + depth + " intermediates";
            return false;
        }
        for (Certificate intermediate : intermediates) {
            if (!path.contains(intermediate) && isIssuer(intermediate, path)) {
                path.add(intermediate);
                if (reaches(path)) {
                    return true;
                }
                path.removeLast();
            }
        }
        return false;
    }

    private boolean isCurrent(List<Certificate> path, Certificate root) {
        Optional<String> found = revocations.faultOf(path, root, time);
        found.ifPresent(reason -> fault = reason);
        return found.isEmpty();
    }

    private boolean isIssuer(Certificate ca, List<Certificate> path) {
        Certificate below = path.getLast();
        if (!below.issuer().equals(ca.subject())) {
            return false;
        }
        int casBelow = (int) path.stream().skip(1).filter(each -> !each.isSelfIssued()).count();
        Optional<String> found =
                PathRules.WEB
                        .faultOfCa(ca, casBelow)
                        .or(() -> faultOfTime(ca))
                        .or(() -> faultOfConstraints(ca, path))
                        .or(() -> faultOfSignature(below, ca));
        found.ifPresent(reason -> fault = reason);
        return found.isEmpty();
    }

    private Optional<String> faultOfSignature(Certificate below, Certificate ca) {
        signatures++;
        return signatures > MAX_SIGNATURES
                ? Optional.of("more signatures than are checked")
                : PathRules.WEB.faultOfLink(below, ca);
    }

    private Optional<String> faultOfTime(Certificate certificate) {
        return certificate.validity().contains(time)
                ? Optional.empty()
                : Optional.of(
                        "the "
                                + certificate
                                + " is valid "
                                + certificate.validity()
                                + ", not at "
                                + time);
    }

    private Optional<String> faultOfConstraints(Certificate ca, List<Certificate> path) {
        if (ca.purposes().isPresent()
                && !ca.purposes().get().contains(Oids.SERVER_AUTH)
                && !ca.purposes().get().contains(Oids.ANY_PURPOSE)) {
            return Optional.of("the " + ca + " may not certify servers");
        }
        if (ca.nameConstraints().isEmpty()) {
            return Optional.empty();
        }
        if (!web && !ca.isCritical(Oids.NAME_CONSTRAINTS)) {
            return Optional.of("the " + ca + " has NameConstraints that are not critical");
        }
        NameConstraints constraints = ca.nameConstraints().get();
        for (int i = 0; i < path.size(); i++) {
            Certificate below = path.get(i);
            if (i > 0 && below.isSelfIssued()) {
                continue;
            }
            Optional<String> found = constraints.faultOf(below);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** What the Baseline Requirements (7.1.2.1) demand of a root beside being a CA. */
    private boolean isRoot(Certificate root) {
        boolean purposes = web && root.isSelfIssued() && root.purposes().isPresent();
        Optional<AuthorityKeyId> named = root.authorityKeyId();
        boolean wrongKeyId =
                root.isSelfIssued()
                        && named.isPresent()
                        && (named.get().keyId().isEmpty() || named.get().namesIssuer());
        boolean orphan = named.isEmpty() && !isSelfSigned(root);
        if (purposes || wrongKeyId || orphan || PathRules.WEB.faultOfOwnKey(root).isPresent()) {
            fault = "the " + root + " is not a root as it must be";
            return false;
        }
        return true;
    }

    private static boolean isSelfSigned(Certificate root) {
        return root.isSelfIssued() || root.key().publicKey().map(root::isSignedBy).orElse(false);
    }
}
