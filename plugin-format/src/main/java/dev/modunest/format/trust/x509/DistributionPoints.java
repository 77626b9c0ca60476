package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether a revocation list that is one of several parts has the part of a certificate (RFC 5280
 * 4.2.1.13, 5.2.5). A part is named by URIs, the same bytes in both (Baseline Requirements
 * 7.2.2.1); lists of some reasons, of attribute certificates and of other issuers are refused.
 */
final class DistributionPoints {

    private static final int NAME = Tag.constructed(0);
    private static final int USERS_ONLY = Tag.context(1);
    private static final int AUTHORITIES_ONLY = Tag.context(2);

    private DistributionPoints() {}

    static boolean cover(RevocationList list, Certificate certificate) {
        Optional<Extension> issuing = list.extension(Oids.ISSUING_DISTRIBUTION_POINT);
        try {
            return issuing.isEmpty() || covers(issuing.get().value(), certificate);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static boolean covers(DerValue issuing, Certificate certificate) {
        DerSequence fields = issuing.members(Tag.SEQUENCE);
        Optional<DerValue> name = fields.nextIf(NAME);
        boolean usersOnly = fields.nextIf(USERS_ONLY).isPresent();
        boolean authoritiesOnly = fields.nextIf(AUTHORITIES_ONLY).isPresent();
        fields.end();
        if (certificate.isCa() ? usersOnly : authoritiesOnly) {
            return false;
        }
        return name.isEmpty()
                || certificate
                        .extension(Oids.CRL_DISTRIBUTION_POINTS)
                        .map(points -> names(points).stream().anyMatch(uris(name.get())::contains))
                        .orElse(false);
    }

    private static List<GeneralName> names(Extension points) {
        List<GeneralName> names = new ArrayList<>();
        for (DerSequence all = points.value().members(Tag.SEQUENCE); all.hasNext(); ) {
            DerSequence point = all.next().members(Tag.SEQUENCE);
            names.addAll(uris(point.next()));
            point.end();
        }
        return names;
    }

    /** A fullName: DistributionPointName and its choice are both tagged [0]. */
    private static List<GeneralName> uris(DerValue tagged) {
        List<GeneralName> names = new ArrayList<>();
        for (DerSequence all = tagged.inside(NAME).members(NAME); all.hasNext(); ) {
            GeneralName name = GeneralName.parse(all.next());
            if (!(name instanceof GeneralName.Uri)) {
                throw new IllegalArgumentException("a distribution point is named by URIs");
            }
            names.add(name);
        }
        return names;
    }
}
