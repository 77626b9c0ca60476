package dev.modunest.server.ca;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Transaction;
import dev.modunest.db.trust.CertificateRecord;
import dev.modunest.db.trust.Revocation;
import dev.modunest.server.auth.Principal;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes certificates back. Thread-safe. */
final class Revocations {

    private final RevocationLists lists;
    private final CertificateAudit audit;

    Revocations(RevocationLists lists, CertificateAudit audit) {
        this.lists = lists;
        this.audit = audit;
    }

    /**
     * Revokes a certificate; because of a compromised key all of the namespace that certify it.
     *
     * @param since from when a compromised key's signatures are bad; empty: all
     */
    Answer revoke(
            Transaction tx,
            Principal.Developer caller,
            String namespace,
            String serial,
            String reason,
            Optional<Instant> since,
            Instant now) {
        CertificateRecord named =
                tx.certificates()
                        .find(namespace, serial)
                        .orElseThrow(
                                () ->
                                        new Rejection(
                                                ProblemCode.CERTIFICATE_UNKNOWN,
                                                "The namespace "
                                                        + namespace
                                                        + " has no certificate of that serial number; GET /api/v1/namespaces/"
                                                        + namespace
                                                        + "/certificates lists those there are"));
        boolean compromised = reason.equals(Revocation.KEY_COMPROMISE);
        List<CertificateRecord> ofKey =
                tx.certificates().lockOfKey(namespace, named.keySha256()).stream()
                        .filter(one -> compromised || one.serial().equals(serial))
                        .toList();
        List<CertificateRecord> revoked = new ArrayList<>();
        for (CertificateRecord certificate : ofKey) {
            Revocation revocation =
                    new Revocation(
                            now,
                            reason,
                            compromised
                                    ? Optional.of(since.orElseGet(certificate::notBefore))
                                    : Optional.empty());
            if (isMore(revocation, certificate.revocation())) {
                tx.certificates().revoke(certificate.serial(), caller.account().id(), revocation);
                revoked.add(certificate);
            }
        }
        if (revoked.isEmpty()) {
            throw new Rejection(
                    ProblemCode.CERTIFICATE_REVOKED,
                    "The certificate is revoked already, and this would not take back more; a key-compromise of an earlier time would");
        }
        revoked.stream()
                .map(CertificateRecord::issuer)
                .distinct()
                .forEach(issuer -> lists.next(tx, issuer, now));
        for (CertificateRecord certificate : revoked) {
            ObjectNode detail = CertificateAudit.detail(certificate.serial()).put("reason", reason);
            since.ifPresent(from -> detail.put("invalidity_date", from.toString()));
            audit.note(tx, caller.account(), "certificate.revoked", namespace, detail, now);
        }
        return answer(tx, namespace, revoked);
    }

    private static Answer answer(
            Transaction tx, String namespace, List<CertificateRecord> revoked) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode array = document.putArray("certificates");
        revoked.forEach(
                one ->
                        array.add(
                                CertificateDocuments.certificate(
                                        tx.certificates()
                                                .find(namespace, one.serial())
                                                .orElseThrow())));
        return new Answer(200, Map.of(), document.toString());
    }

    /**
     * What was revoked is never made better: only a compromise, or an earlier one, is said anew.
     */
    private static boolean isMore(Revocation next, Optional<Revocation> last) {
        return last.isEmpty()
                || (next.invalidFrom().isPresent()
                        && last.get()
                                .invalidFrom()
                                .filter(from -> !next.invalidFrom().get().isBefore(from))
                                .isEmpty());
    }
}
