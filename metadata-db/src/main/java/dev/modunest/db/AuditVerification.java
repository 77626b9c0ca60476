package dev.modunest.db;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditFault.Kind;
import dev.modunest.db.AuditStore.Kept;
import dev.modunest.db.AuditStore.State;

import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Walks the chain of the audit in the index, page by page and without locks, so that servers go on
 * meanwhile: what they append after the begin is left to the next time.
 */
public final class AuditVerification {

    private static final int PAGE = 1_000;

    /** Retention may take entries between the first page and the last; then all is read again. */
    private static final int MOST_ATTEMPTS = 10;

    /**
     * What was found.
     *
     * @param fault the first; empty when the audit is as it was written
     * @param head the last entry that was found right, to be noted elsewhere
     * @param entries those found right
     * @param first the sequence of the first of them; 0 without any
     * @param expired entries that retention took away
     * @param unchained entries from before the chain, of which nothing can be said
     */
    public record Report(
            Optional<AuditFault> fault,
            AuditHead head,
            long entries,
            long first,
            long expired,
            long unchained) {

        /** Of a chain that was not read from the index. */
        public static Report of(AuditChain chain, Optional<AuditFault> fault) {
            return of(chain, fault, 0);
        }

        private static Report of(AuditChain chain, Optional<AuditFault> fault, long unchained) {
            return new Report(
                    fault,
                    chain.last(),
                    chain.entries(),
                    chain.first(),
                    chain.expired(),
                    unchained);
        }
    }

    private final Database database;
    private final AuditChain chain;
    private final LongConsumer progress;

    private AuditVerification(Database database, AuditChain chain, LongConsumer progress) {
        this.database = database;
        this.chain = chain;
        this.progress = progress;
    }

    /**
     * Verifies the audit of {@code database}.
     *
     * @param noted a head that was noted earlier, elsewhere
     * @param progress is told how many entries were read
     */
    public static Report verify(
            Database database, Optional<AuditHead> noted, LongConsumer progress) {
        for (int attempt = 1; ; attempt++) {
            Optional<ObjectNode> expiry = newestExpiry(database);
            AuditChain chain = new AuditChain(expiry, noted, true);
            Report report = new AuditVerification(database, chain, progress).run();
            boolean taken =
                    report.fault().filter(fault -> fault.kind() == Kind.MISSING).isPresent()
                            && !newestExpiry(database).equals(expiry);
            if (!taken || attempt == MOST_ATTEMPTS) {
                return report;
            }
        }
    }

    private static Optional<ObjectNode> newestExpiry(Database database) {
        return database.<Optional<Kept>>read(tx -> tx.audit().newestExpiry()).map(Kept::toJson);
    }

    /** How many entries there are to read, about. */
    public static long estimate(Database database) {
        AuditStore.Range all =
                database.read(tx -> tx.audit().range(Optional.empty(), Optional.empty()));
        return all.to() - all.from() + 1;
    }

    private Report run() {
        State state = database.read(tx -> tx.audit().state());
        Optional<AuditHead> head = state.head();
        Optional<AuditFault> fault =
                stateFault(state)
                        .or(() -> walk(head.orElseThrow().sequence()))
                        .or(() -> chain.finish(head));
        return Report.of(chain, fault, state.unchained());
    }

    private static Optional<AuditFault> stateFault(State state) {
        if (state.head().isEmpty()) {
            return Optional.of(
                    new AuditFault(Kind.HEAD_DIFFERS, state.last(), "audit_head has no row"));
        }
        long head = state.head().get().sequence();
        if (state.last() > head) {
            return Optional.of(
                    new AuditFault(
                            Kind.HEAD_DIFFERS,
                            head + 1,
                            "there are entries up to "
                                    + state.last()
                                    + ", and audit_head says that the last is "
                                    + head));
        }
        if (state.strangers() > 0) {
            return Optional.of(
                    new AuditFault(
                            Kind.UNCHAINED,
                            0,
                            state.strangers()
                                    + " entries without a sequence were added after the chain began"));
        }
        return Optional.empty();
    }

    private Optional<AuditFault> walk(long to) {
        long from = chain.last().sequence() + 1;
        long afterId = 0;
        List<Kept> page;
        do {
            long pageFrom = from;
            long pageAfter = afterId;
            page = database.read(tx -> tx.audit().page(pageFrom, pageAfter, to, PAGE));
            for (Kept kept : page) {
                Optional<AuditFault> fault = chain.add(kept.toJson());
                if (fault.isPresent()) {
                    return fault;
                }
                from = kept.link().orElseThrow().sequence();
                afterId = kept.id();
            }
            progress.accept(page.size());
        } while (page.size() == PAGE);
        return Optional.empty();
    }
}
