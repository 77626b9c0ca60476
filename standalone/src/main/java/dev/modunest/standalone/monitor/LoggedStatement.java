package dev.modunest.standalone.monitor;

import dev.modunest.format.Digest;
import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.trust.json.JsonFields;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.format.trust.x509.GeneralName;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** An entry of the log: Rekor's type {@code dsse} 0.0.1, with one signature. */
record LoggedStatement(Digest payload, Octets signature, Certificate certificate) {

    private static final String PUBLISHERS = "/publishers/";

    /**
     * Reads an entry.
     *
     * @throws IllegalArgumentException when it is another
     */
    static LoggedStatement parse(byte[] entry) {
        JsonFields json = JsonFields.parse(entry, "entry");
        json.only("apiVersion", "kind", "spec").require("kind", "dsse");
        json.require("apiVersion", "0.0.1");
        JsonFields spec = json.object("spec").only("envelopeHash", "payloadHash", "signatures");
        List<JsonFields> signatures = spec.objects("signatures");
        if (signatures.size() != 1) {
            throw spec.fault("signatures", "is not one signature");
        }
        JsonFields signature = signatures.getFirst().only("signature", "verifier");
        return new LoggedStatement(
                spec.object("payloadHash").sha256("value"),
                Octets.of(signature.base64("signature")),
                Certificate.parsePem(
                        new String(signature.base64("verifier"), StandardCharsets.US_ASCII)));
    }

    DsseEnvelope envelope(byte[] statement) {
        return new DsseEnvelope(DsseEnvelope.IN_TOTO, statement, signature.bytes());
    }

    VerifyingKey key() {
        return VerifyingKey.ofSpki(certificate.key().spki());
    }

    private Optional<String> identity() {
        return certificate.names().stream()
                .filter(GeneralName.Uri.class::isInstance)
                .map(name -> ((GeneralName.Uri) name).uri())
                .findFirst();
    }

    /** Whether the certificate says so. */
    boolean isBy(String namespace) {
        return identity().filter(uri -> uri.endsWith(PUBLISHERS + namespace)).isPresent();
    }

    boolean isByRegistry() {
        return identity().filter(uri -> uri.endsWith("/registry")).isPresent();
    }
}
