package dev.modunest.server.ca;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Transaction;
import dev.modunest.server.problem.RequestId;
import dev.modunest.server.trust.RegistryActs;

import java.time.Instant;
import java.util.Optional;

/** Keeps what was certified and revoked, in the public log and in the audit. Thread-safe. */
final class CertificateAudit {

    private final RegistryActs acts;

    CertificateAudit(RegistryActs acts) {
        this.acts = acts;
    }

    static ObjectNode detail(String serial) {
        return JsonNodeFactory.instance.objectNode().put("serial", serial);
    }

    /** The last of a transaction. */
    void note(
            Transaction tx,
            Account account,
            String act,
            String namespace,
            ObjectNode detail,
            Instant now) {
        acts.record(tx, act, namespace, detail, now);
        tx.audit()
                .append(
                        new AuditEntry(
                                now,
                                account,
                                act,
                                namespace,
                                Optional.empty(),
                                Optional.of(RequestId.current()),
                                detail.toString()));
    }
}
