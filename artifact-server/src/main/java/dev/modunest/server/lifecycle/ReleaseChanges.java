package dev.modunest.server.lifecycle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Account;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.ReleaseState;
import dev.modunest.db.Transaction;
import dev.modunest.server.attest.RegistryLog;
import dev.modunest.server.problem.RequestId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The facts of a release that a request changed, written together. Not thread-safe. */
final class ReleaseChanges {

    static final String QUARANTINED = "release.quarantined";

    private record Step(String kind, Optional<String> reason) {}

    private final Account account;
    private final Instant now;
    private final List<Step> steps = new ArrayList<>();
    private ReleaseState state;

    ReleaseChanges(Account account, ReleaseState state, Instant now) {
        this.account = account;
        this.state = state;
        this.now = now;
    }

    ReleaseState state() {
        return state;
    }

    /** Takes the step {@code kind} to {@code next} unless nothing differs. */
    void step(String kind, ReleaseState next, Optional<String> reason) {
        if (!next.equals(state)) {
            state = next;
            steps.add(new Step(kind, reason));
        }
    }

    /**
     * Writes state, plugin, audit, log and outbox.
     *
     * @return the serial number of the last change; empty when there was none
     */
    Optional<Long> write(Transaction tx, RegistryLog log) {
        if (steps.isEmpty()) {
            return Optional.empty();
        }
        tx.releaseStates().save(state, now);
        tx.plugins().refresh(state.coordinate().plugin(), now);
        for (Step step : steps) {
            tx.audit().append(entry(step));
            log.recordOfRelease(
                    tx, step.kind(), state.coordinate(), state.digest(), step.reason(), now);
            if (step.kind().equals(QUARANTINED)) {
                log.recordTakedown(tx, state.coordinate(), state.digest(), now);
            }
        }
        long serial = 0;
        for (Step step : steps) {
            serial =
                    tx.outbox()
                            .append(
                                    step.kind(),
                                    state.coordinate().plugin(),
                                    event(step).toString(),
                                    now);
        }
        return Optional.of(serial);
    }

    private AuditEntry entry(Step step) {
        return new AuditEntry(
                now,
                account,
                step.kind(),
                state.coordinate().toString(),
                step.reason(),
                Optional.of(RequestId.current()));
    }

    private ObjectNode event(Step step) {
        ObjectNode event =
                JsonNodeFactory.instance
                        .objectNode()
                        .put("coordinate", state.coordinate().toString())
                        .put("digest", state.digest().toString());
        step.reason().ifPresent(reason -> event.put("reason", reason));
        return event;
    }
}
