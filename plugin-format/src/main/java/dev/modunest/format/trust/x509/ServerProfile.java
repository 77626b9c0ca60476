package dev.modunest.format.trust.x509;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What the certificate of a server must be (RFC 5280 4.2; CA/Browser Forum Baseline Requirements
 * 7.1.2.7).
 *
 * @param web whether the Baseline Requirements apply beside RFC 5280
 */
record ServerProfile(boolean web) {

    private static final Pattern HOST = Pattern.compile("(\\*\\.)?([a-z0-9-]+\\.)+[a-z][a-z0-9-]*");
    private static final Set<String> UNDERSTOOD =
            Set.of(
                    Oids.KEY_USAGE,
                    Oids.BASIC_CONSTRAINTS,
                    Oids.EXTENDED_KEY_USAGE,
                    Oids.SUBJECT_ALT_NAME);
    private static final Set<String> FORBIDDEN_PURPOSES =
            Set.of(
                    Oids.ANY_PURPOSE,
                    Oids.CODE_SIGNING,
                    Oids.TIME_STAMPING,
                    "1.3.6.1.5.5.7.3.4",
                    "1.3.6.1.5.5.7.3.9",
                    "1.3.6.1.4.1.11129.2.4.4");

    Optional<String> faultOf(Certificate leaf, Optional<ServerName> wanted) {
        Optional<String> unknown = leaf.criticalOtherThan(UNDERSTOOD);
        if (unknown.isPresent()) {
            return Optional.of("the leaf has an unknown critical extension " + unknown.get());
        }
        boolean signsCertificates = leaf.keyUsage().map(KeyUsage::keyCertSign).orElse(false);
        if (leaf.isCa() ? web : signsCertificates) {
            return Optional.of("the leaf is of a CA, or may sign certificates without being one");
        }
        if (leaf.nameConstraints().isPresent() && !leaf.isCa()) {
            return Optional.of("the leaf has NameConstraints and is of no CA");
        }
        return faultOfPurposes(leaf).or(() -> faultOfNames(leaf, wanted));
    }

    private Optional<String> faultOfPurposes(Certificate leaf) {
        if (leaf.purposes().isEmpty()) {
            return web ? Optional.of("the leaf names no purpose") : Optional.empty();
        }
        List<String> purposes = leaf.purposes().get();
        if (!purposes.contains(Oids.SERVER_AUTH)) {
            return Optional.of("the leaf is not for servers");
        }
        if (web && leaf.isCritical(Oids.EXTENDED_KEY_USAGE)) {
            return Optional.of("the purposes of the leaf are critical");
        }
        return web && purposes.stream().anyMatch(FORBIDDEN_PURPOSES::contains)
                ? Optional.of("the leaf is for more than servers")
                : Optional.empty();
    }

    private Optional<String> faultOfNames(Certificate leaf, Optional<ServerName> wanted) {
        if (leaf.names().isEmpty()) {
            return Optional.of("the leaf has no SubjectAltName");
        }
        if (leaf.subject().isEmpty() != leaf.isCritical(Oids.SUBJECT_ALT_NAME)
                && (web || leaf.subject().isEmpty())) {
            return Optional.of("SubjectAltName is critical if and only if the subject is empty");
        }
        for (GeneralName name : leaf.names()) {
            if (!isWellFormed(name)) {
                return Optional.of("the leaf has a malformed name: " + NameMatch.describe(name));
            }
        }
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        if (!wanted.get().isAmong(leaf.names())) {
            return Optional.of("the leaf is not for the host that is asked for");
        }
        return web && !leaf.subject().attributes(Oids.COMMON_NAME).stream().allMatch(isCopy(leaf))
                ? Optional.of("the common name of the leaf is not a copy of one of its names")
                : Optional.empty();
    }

    /**
     * Whether a common name, which clients do not read (RFC 9525 6.3), can mislead nobody: it is
     * letter for letter one of the names, or a domain above one, or a host beside addresses alone.
     * The Baseline Requirements (7.1.4.3) have the first only; the suite's own good leaves have
     * all.
     */
    private static Predicate<String> isCopy(Certificate leaf) {
        List<String> names =
                leaf.names().stream().map(ServerName::text).flatMap(Optional::stream).toList();
        boolean addresses = leaf.names().stream().allMatch(GeneralName.Ip.class::isInstance);
        return text ->
                names.contains(text)
                        || (HOST.matcher(text).matches()
                                && (addresses
                                        || names.stream().anyMatch(n -> n.endsWith("." + text))));
    }

    private static boolean isWellFormed(GeneralName name) {
        return switch (name) {
            case GeneralName.Dns(String dns) -> DnsName.isPattern(dns);
            case GeneralName.Ip(var value) -> value.length() == 4 || value.length() == 16;
            case GeneralName.Email _,
                    GeneralName.Directory _,
                    GeneralName.Uri _,
                    GeneralName.Other _ ->
                    true;
        };
    }
}
