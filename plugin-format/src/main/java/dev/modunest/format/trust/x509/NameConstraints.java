package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.DerSequence;
import dev.modunest.format.trust.der.DerValue;
import dev.modunest.format.trust.der.Tag;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which names a CA may certify (RFC 5280 4.2.1.10): every name of a kind that has permitted
 * subtrees lies in one of them, no name lies in an excluded one. Kinds without a matching rule
 * allow nothing.
 */
public record NameConstraints(List<GeneralName> permitted, List<GeneralName> excluded) {

    /** Bounds the work of one path, which is names times subtrees. */
    private static final int MAX_COMPARISONS = 250_000;

    static NameConstraints parse(Extension extension) {
        DerSequence fields = extension.value().members(Tag.SEQUENCE);
        Optional<DerValue> permitted = fields.nextIf(Tag.constructed(0));
        Optional<DerValue> excluded = fields.nextIf(Tag.constructed(1));
        fields.end();
        if (permitted.isEmpty() && excluded.isEmpty()) {
            throw new IllegalArgumentException("a NameConstraints is empty");
        }
        return new NameConstraints(subtrees(permitted, 0), subtrees(excluded, 1));
    }

    private static List<GeneralName> subtrees(Optional<DerValue> tagged, int number) {
        List<GeneralName> subtrees = new ArrayList<>();
        if (tagged.isPresent()) {
            for (DerSequence all = tagged.get().members(Tag.constructed(number)); all.hasNext(); ) {
                DerSequence subtree = all.next().members(Tag.SEQUENCE);
                GeneralName base = GeneralName.parse(subtree.next());
                subtree.end();
                NameMatch.requireSubtree(base);
                subtrees.add(base);
            }
            if (subtrees.isEmpty()) {
                throw new IllegalArgumentException("a list of subtrees is empty");
            }
        }
        return List.copyOf(subtrees);
    }

    /** Why the certificate may not have its names; empty when it may. */
    public Optional<String> faultOf(Certificate certificate) {
        List<GeneralName> names = namesOf(certificate);
        long comparisons = (long) names.size() * (permitted.size() + excluded.size());
        if (comparisons > MAX_COMPARISONS) {
            return Optional.of("more names and constraints than are compared");
        }
        return names.stream().flatMap(name -> faultOf(name).stream()).findFirst();
    }

    private static List<GeneralName> namesOf(Certificate certificate) {
        Stream<GeneralName> subject =
                certificate.subject().isEmpty()
                        ? Stream.empty()
                        : Stream.of(new GeneralName.Directory(certificate.subject()));
        Stream<GeneralName> emails =
                certificate.names().isEmpty()
                        ? certificate.subject().emails().stream().map(GeneralName.Email::new)
                        : Stream.empty();
        return Stream.of(certificate.names().stream(), subject, emails)
                .flatMap(names -> names)
                .toList();
    }

    private Optional<String> faultOf(GeneralName name) {
        List<GeneralName> alike =
                permitted.stream().filter(subtree -> NameMatch.sameKind(name, subtree)).toList();
        if (!alike.isEmpty() && alike.stream().noneMatch(base -> NameMatch.isIn(name, base))) {
            return Optional.of("the CA is not permitted to certify " + NameMatch.describe(name));
        }
        boolean forbidden =
                excluded.stream()
                        .filter(subtree -> NameMatch.sameKind(name, subtree))
                        .anyMatch(base -> NameMatch.touches(name, base));
        return forbidden
                ? Optional.of("the CA is forbidden to certify " + NameMatch.describe(name))
                : Optional.empty();
    }
}
