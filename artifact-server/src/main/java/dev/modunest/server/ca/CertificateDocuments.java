package dev.modunest.server.ca;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.trust.CertificateRecord;
import dev.modunest.server.key.Pem;

/** Certificates as the API writes them. */
final class CertificateDocuments {

    private CertificateDocuments() {}

    static ObjectNode certificate(CertificateRecord certificate) {
        ObjectNode document =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("serial", certificate.serial())
                        .put("namespace", certificate.namespace())
                        .put("issuer", certificate.issuer())
                        .put("account", certificate.account())
                        .put("kind", certificate.kind())
                        .put("key", "sha256:" + certificate.keySha256())
                        .put("not_before", certificate.notBefore().toString())
                        .put("not_after", certificate.notAfter().toString())
                        .put("issued_at", certificate.issuedAt().toString())
                        .put("certificate", Pem.text(Pem.CERTIFICATE, certificate.der().der()));
        certificate
                .revocation()
                .ifPresent(
                        revocation -> {
                            ObjectNode said =
                                    document.putObject("revocation")
                                            .put("at", revocation.at().toString())
                                            .put("reason", revocation.reason());
                            revocation
                                    .invalidFrom()
                                    .ifPresent(
                                            from -> said.put("invalidity_date", from.toString()));
                        });
        return document;
    }
}
