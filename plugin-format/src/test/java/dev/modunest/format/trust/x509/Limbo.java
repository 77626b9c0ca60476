package dev.modunest.format.trust.x509;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;

import org.bouncycastle.cert.X509CRLHolder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/** A case as x509-limbo has them: certificates, the name that is wanted, and what else it says. */
record Limbo(
        List<LimboCertificate> trusted,
        List<LimboCertificate> between,
        LimboCertificate leaf,
        String kind,
        String name,
        Consumer<ObjectNode> more) {

    static final Instant NOW = Instant.parse("2024-01-01T00:00:00Z");

    static Limbo of(LimboCertificate root, LimboCertificate leaf) {
        return new Limbo(List.of(root), List.of(), leaf, "DNS", "example.com", _ -> {});
    }

    Limbo between(LimboCertificate... certificates) {
        return new Limbo(trusted, List.of(certificates), leaf, kind, name, more);
    }

    Limbo trusting(LimboCertificate... certificates) {
        return new Limbo(List.of(certificates), between, leaf, kind, name, more);
    }

    Limbo named(String wanted) {
        return new Limbo(trusted, between, leaf, "DNS", wanted, more);
    }

    Limbo addressed(String wanted) {
        return new Limbo(trusted, between, leaf, "IP", wanted, more);
    }

    Limbo with(Consumer<ObjectNode> change) {
        return new Limbo(trusted, between, leaf, kind, name, more.andThen(change));
    }

    Limbo at(String time) {
        return with(json -> json.put("validation_time", time));
    }

    Limbo conflicting(String id) {
        return with(json -> json.putArray("conflicts_with").add(id));
    }

    Limbo crls(X509CRLHolder... lists) {
        return with(
                json -> {
                    for (X509CRLHolder list : lists) {
                        json.withArray("crls").add(pem(list));
                    }
                });
    }

    private static String pem(X509CRLHolder list) {
        try {
            return "-----BEGIN X509 CRL-----\n"
                    + Base64.getMimeEncoder().encodeToString(list.getEncoded())
                    + "\n-----END X509 CRL-----\n";
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    String result() {
        ObjectNode json = StrictJson.JSON.createObjectNode();
        json.put("id", "a::b").put("validation_kind", "SERVER");
        json.put("peer_certificate", leaf.pem());
        var roots = json.putArray("trusted_certs");
        trusted.forEach(certificate -> roots.add(certificate.pem()));
        var intermediates = json.putArray("untrusted_intermediates");
        between.forEach(certificate -> intermediates.add(certificate.pem()));
        json.putObject("expected_peer_name").put("kind", kind).put("value", name);
        more.accept(json);
        return StrictJson.object(X509Conformance.answer(json.toString(), NOW))
                .path("actual_result")
                .asText();
    }
}
