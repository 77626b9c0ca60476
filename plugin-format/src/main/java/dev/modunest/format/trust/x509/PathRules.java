package dev.modunest.format.trust.x509;

import dev.modunest.format.trust.der.Tag;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What holds of every certificate of a path, whatever its time (RFC 5280 4.1, 4.2, 6.1), stricter
 * than the JDK's PKIX: key identifiers, serials, criticality and canonical encodings are demanded.
 *
 * @param rsaBits the least length of an RSA key
 * @param keyIdentifiers whether certificates must name the keys of subject and issuer
 * @param keyUsage whether a CA must say what its key is for; of one that does not, RFC 5280 6.1.4
 *     (n) takes every use
 */
public record PathRules(int rsaBits, boolean keyIdentifiers, boolean keyUsage) {

    /** Of this platform's own authorities. */
    public static final PathRules STRICT = new PathRules(3072, true, true);

    /** Of Sigstore's public authorities and of those that tests of it make. */
    public static final PathRules SIGSTORE = new PathRules(2048, false, true);

    /** Of certificates for servers. */
    static final PathRules WEB = new PathRules(2048, true, false);

    private static final int MAX_SERIAL_BITS = 159;
    private static final Set<String> UNDERSTOOD_OF_CA =
            Set.of(
                    Oids.KEY_USAGE,
                    Oids.BASIC_CONSTRAINTS,
                    Oids.NAME_CONSTRAINTS,
                    Oids.EXTENDED_KEY_USAGE,
                    Oids.SUBJECT_ALT_NAME,
                    Oids.CERTIFICATE_POLICIES);
    private static final List<String> NEVER_CRITICAL =
            List.of(Oids.SUBJECT_KEY_ID, Oids.AUTHORITY_KEY_ID, Oids.AUTHORITY_INFO_ACCESS);

    /** Why no certificate may be so; empty when it may. */
    Optional<String> faultOfAny(Certificate certificate) {
        if (certificate.serial().signum() <= 0
                || certificate.serial().bitLength() > MAX_SERIAL_BITS) {
            return Optional.of(of(certificate, "has a serial number outside 1 to 2^159-1"));
        }
        if (certificate.issuer().isEmpty()) {
            return Optional.of(of(certificate, "names no issuer"));
        }
        if (certificate.signatureMethod().isEmpty()) {
            return Optional.of(of(certificate, "is signed with an algorithm that is not accepted"));
        }
        for (String oid : NEVER_CRITICAL) {
            if (certificate.isCritical(oid)) {
                return Optional.of(of(certificate, "has a critical extension " + oid));
            }
        }
        if (certificate.extension(Oids.POLICY_CONSTRAINTS).isPresent()
                && !certificate.isCritical(Oids.POLICY_CONSTRAINTS)) {
            return Optional.of(of(certificate, "has PolicyConstraints that are not critical"));
        }
        if (certificate.extension(Oids.AUTHORITY_INFO_ACCESS).isPresent()
                && !isAccess(certificate.extension(Oids.AUTHORITY_INFO_ACCESS).get())) {
            return Optional.of(of(certificate, "has a malformed AuthorityInfoAccess"));
        }
        if (certificate.key().signsOnly()
                && certificate.keyUsage().map(KeyUsage::establishesKeys).orElse(false)) {
            return Optional.of(of(certificate, "lets a key encrypt that can only sign"));
        }
        return certificate.key().weakness(rsaBits);
    }

    private static boolean isAccess(Extension access) {
        try {
            return access.value().members(Tag.SEQUENCE).hasNext();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    /** Why the certificate is not of a CA with {@code casBelow} CAs between it and the leaf. */
    Optional<String> faultOfCa(Certificate ca, int casBelow) {
        Optional<String> any = faultOfAny(ca);
        if (any.isPresent()) {
            return any;
        }
        if (!ca.isCa() || !ca.isCritical(Oids.BASIC_CONSTRAINTS)) {
            return Optional.of(of(ca, "is not of a CA by a critical BasicConstraints"));
        }
        if (ca.subject().isEmpty()) {
            return Optional.of(of(ca, "is of a CA without a name"));
        }
        if (!ca.keyUsage().map(KeyUsage::keyCertSign).orElse(!keyUsage)) {
            return Optional.of(of(ca, "lacks the key usage keyCertSign"));
        }
        if (keyIdentifiers && ca.subjectKeyId().isEmpty()) {
            return Optional.of(of(ca, "lacks a SubjectKeyIdentifier"));
        }
        Optional<Integer> length = ca.basicConstraints().flatMap(BasicConstraints::pathLength);
        if (length.isPresent() && length.get() < casBelow) {
            return Optional.of(of(ca, "allows " + length.get() + " CAs below it, not " + casBelow));
        }
        return ca.criticalOtherThan(UNDERSTOOD_OF_CA)
                .map(oid -> of(ca, "has an unknown critical extension " + oid));
    }

    /** Why {@code issuer} did not issue the certificate; empty when it did. */
    Optional<String> faultOfLink(Certificate certificate, Certificate issuer) {
        Optional<String> names = faultOfNames(certificate, issuer);
        if (names.isPresent()) {
            return names;
        }
        boolean signed = issuer.key().publicKey().map(certificate::isSignedBy).orElse(false);
        return signed
                ? Optional.empty()
                : Optional.of(of(certificate, "is not signed by the key of its issuer"));
    }

    /** As {@link #faultOfLink}, but for the signature. */
    Optional<String> faultOfNames(Certificate certificate, Certificate issuer) {
        if (!certificate.issuer().equals(issuer.subject())) {
            return Optional.of(of(certificate, "names another issuer"));
        }
        Optional<byte[]> wanted = certificate.authorityKeyId().flatMap(AuthorityKeyId::keyId);
        if (wanted.isEmpty()) {
            return keyIdentifiers && !certificate.equals(issuer)
                    ? Optional.of(of(certificate, "lacks an AuthorityKeyIdentifier"))
                    : Optional.empty();
        }
        Optional<byte[]> given = issuer.subjectKeyId();
        return given.isPresent() && !Arrays.equals(wanted.get(), given.get())
                ? Optional.of(of(certificate, "names another key of its issuer"))
                : Optional.empty();
    }

    /** Why a self-issued certificate does not name its own key as its issuer's. */
    Optional<String> faultOfOwnKey(Certificate root) {
        return root.isSelfIssued() ? faultOfNames(root, root) : Optional.empty();
    }

    private static String of(Certificate certificate, String fault) {
        return "the " + certificate + " " + fault;
    }
}
