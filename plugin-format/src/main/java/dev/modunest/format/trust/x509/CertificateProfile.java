package dev.modunest.format.trust.x509;

import dev.modunest.format.sign.VerifyingKey;

import java.util.List;
import java.util.Optional;

/**
 * What a certificate that signs releases must be (docs/format/trust.md): digitalSignature and code
 * signing alone, one URI for a name, no CA, a key that is signed with here.
 */
final class CertificateProfile {

    private static final List<String> CODE_SIGNING = List.of(Oids.CODE_SIGNING);

    private CertificateProfile() {}

    static Optional<String> faultOf(Certificate certificate) {
        if (!certificate.isCritical(Oids.KEY_USAGE)
                || !certificate.keyUsage().map(KeyUsage::onlyDigitalSignature).orElse(false)) {
            return Optional.of("the key usage is not digitalSignature alone, and critical");
        }
        if (!certificate.purposes().equals(Optional.of(CODE_SIGNING))) {
            return Optional.of("the extended key usage is not code signing alone");
        }
        if (certificate.isCa() || certificate.basicConstraints().isEmpty()) {
            return Optional.of("BasicConstraints does not say that this is no CA");
        }
        if (certificate.names().size() != 1
                || !(certificate.names().getFirst() instanceof GeneralName.Uri)) {
            return Optional.of("the SubjectAltName is not exactly one URI");
        }
        if (certificate.subject().isEmpty() && !certificate.isCritical(Oids.SUBJECT_ALT_NAME)) {
            return Optional.of("the subject is empty and SubjectAltName not critical");
        }
        if (certificate.nameConstraints().isPresent()) {
            return Optional.of("NameConstraints stand in a certificate that is of no CA");
        }
        return faultOfKey(certificate);
    }

    private static Optional<String> faultOfKey(Certificate certificate) {
        try {
            VerifyingKey.ofSpki(certificate.key().spki());
            return Optional.empty();
        } catch (IllegalArgumentException refused) {
            return Optional.ofNullable(refused.getMessage());
        }
    }
}
