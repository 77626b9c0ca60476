package dev.modunest.format.trust.x509;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The revocation lists that come with a path (RFC 5280 6.3). Where there are any, each certificate
 * below the root needs a current one of its issuer; one that is named there is revoked, whenever
 * that was.
 */
final class PathRevocations {

    private static final Pattern PEM =
            Pattern.compile(
                    "\\s*-----BEGIN X509 CRL-----([A-Za-z0-9+/=\\s]+)-----END X509 CRL-----\\s*");
    private static final Set<String> UNDERSTOOD = Set.of(Oids.ISSUING_DISTRIBUTION_POINT);

    private final boolean asked;
    private final List<RevocationList> lists;

    private PathRevocations(boolean asked, List<RevocationList> lists) {
        this.asked = asked;
        this.lists = List.copyOf(lists);
    }

    /** Lists of which those that are malformed count for nothing. */
    static PathRevocations ofPem(JsonNode pems) {
        List<RevocationList> lists = new ArrayList<>();
        pems.forEach(pem -> tryPem(pem.asText()).ifPresent(lists::add));
        return new PathRevocations(!pems.isEmpty(), lists);
    }

    private static Optional<RevocationList> tryPem(String pem) {
        Matcher armoured = PEM.matcher(pem);
        try {
            return armoured.matches()
                    ? Optional.of(
                            RevocationList.parse(Base64.getMimeDecoder().decode(armoured.group(1))))
                    : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** Why one of the path, from the leaf upwards, is not good; empty when all are. */
    Optional<String> faultOf(List<Certificate> path, Certificate root, Instant time) {
        if (!asked) {
            return Optional.empty();
        }
        for (int i = 0; i < path.size(); i++) {
            Certificate issuer = i + 1 < path.size() ? path.get(i + 1) : root;
            Optional<String> found = faultOf(path.get(i), issuer, time);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<String> faultOf(Certificate certificate, Certificate issuer, Instant time) {
        List<RevocationList> current =
                lists.stream()
                        .filter(list -> list.validity().contains(time))
                        .filter(list -> DistributionPoints.cover(list, certificate))
                        .filter(list -> list.faultBy(issuer, UNDERSTOOD).isEmpty())
                        .toList();
        if (current.isEmpty()) {
            return Optional.of("the " + certificate + " has no current revocation list of its CA");
        }
        return current.stream().anyMatch(list -> list.find(certificate.serial()).isPresent())
                ? Optional.of("the " + certificate + " is revoked")
                : Optional.empty();
    }
}
