package dev.modunest.server.trust;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Transaction;

import java.time.Instant;

/** Makes what the registry did public, beyond what it can take back. Thread-safe. */
public interface RegistryActs {

    /**
     * Records an act in the transaction that does it: both are there or neither.
     *
     * @param act dotted, as in {@code certificate.issued}
     * @param subject what it was done to
     * @param detail what else is said; whole numbers within 2^53-1
     */
    void record(Transaction tx, String act, String subject, ObjectNode detail, Instant at);
}
