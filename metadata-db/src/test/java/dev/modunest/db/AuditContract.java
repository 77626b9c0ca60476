package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditFault.Kind;
import dev.modunest.db.AuditStore.Filter;
import dev.modunest.db.AuditStore.Kept;
import dev.modunest.db.AuditStore.Link;
import dev.modunest.db.AuditStore.Range;
import dev.modunest.format.PluginId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The chain of the audit: how it grows, what retention leaves of it, and how tampering is found.
 */
abstract class AuditContract {

    private static final Account ALICE = new Account(7, "alice", true);
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(5);
    private static final Partition NOVEMBER =
            new Partition(PartitionedTable.AUDIT, LocalDate.parse("2026-11-01"));
    private static final Instant IN_DECEMBER = Instant.parse("2026-12-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2029-01-01T00:00:00Z");

    private TestIndex index;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
    }

    @AfterEach
    void close() {
        index.close();
    }

    private void append(String subject, Instant at) {
        append(
                new AuditEntry(
                        at,
                        ALICE,
                        "release.yanked",
                        subject,
                        Optional.of("broken"),
                        Optional.of("request"),
                        "{\"size\": 7}"));
    }

    private void append(AuditEntry... entries) {
        index.database()
                .inTransaction(
                        tx -> {
                            List.of(entries).forEach(tx.audit()::append);
                            return true;
                        });
    }

    private void append(int count) {
        IntStream.rangeClosed(1, count).forEach(i -> append("acme/p" + i, NOW.plusSeconds(i)));
    }

    private List<Kept> chained() {
        return index.database().read(tx -> tx.audit().chained(new Range(1, 10_000), 10_000));
    }

    private static Link link(Kept kept) {
        return kept.link().orElseThrow();
    }

    private AuditVerification.Report verify() {
        return verify(Optional.empty());
    }

    private AuditVerification.Report verify(Optional<AuditHead> noted) {
        return AuditVerification.verify(index.database(), noted, done -> {});
    }

    private AuditVerification.Report assertIntact(long entries) {
        AuditVerification.Report report = verify();
        assertThat(report.fault()).isEmpty();
        assertThat(report.entries()).isEqualTo(entries);
        return report;
    }

    private void assertFault(Kind kind, long sequence) {
        assertFault(verify(), kind, sequence);
    }

    private static void assertFault(AuditVerification.Report report, Kind kind, long sequence) {
        assertThat(report.fault())
                .hasValueSatisfying(
                        fault -> {
                            assertThat(fault.kind()).as(fault.detail()).isEqualTo(kind);
                            assertThat(fault.sequence()).as(fault.detail()).isEqualTo(sequence);
                        });
    }

    /** As whoever owns the server can. */
    private void tamper(String sql) {
        index.execute("set session_replication_role = replica; " + sql);
    }

    @Test
    void anEntryIsChainedToTheOneBefore() {
        append(
                new AuditEntry(
                                Instant.parse("2026-11-01T10:00:00.123456789Z"),
                                Actor.NOBODY,
                                "signin.failed",
                                "alice",
                                Optional.empty(),
                                Optional.empty(),
                                "{}")
                        .withAddress("192.0.2.1"),
                new AuditEntry(
                        NOW, ALICE, "token.made", "laptop", Optional.empty(), Optional.empty()));

        List<Kept> entries = chained();
        assertThat(entries.getFirst().toJson().toString())
                .isEqualTo(
                        "{\"at\":\"2026-11-01T10:00:00.123456Z\",\"account\":\"nobody\","
                                + "\"detail\":{\"address\":\"192.0.2.1\"},"
                                + "\"action\":\"signin.failed\",\"subject\":\"alice\",\"sequence\":1,"
                                + "\"previous_hash\":\""
                                + AuditHead.EMPTY.hash()
                                + "\",\"hash\":\""
                                + link(entries.getFirst()).hash()
                                + "\"}");
        assertThat(link(entries.getLast()).sequence()).isEqualTo(2);
        assertThat(link(entries.getLast()).previousHash())
                .isEqualTo(link(entries.getFirst()).hash());
        assertThat(entries.getLast().accountId()).contains(7L);
        AuditVerification.Report report = assertIntact(2);
        assertThat(report.first()).isEqualTo(1);
        assertThat(report.head()).isEqualTo(new AuditHead(2, link(entries.getLast()).hash()));
        assertThat(AuditVerification.estimate(index.database())).isEqualTo(2);
    }

    @Test
    void concurrentAppendsMakeOneChainWhilePartitionsComeAndGo() throws Exception {
        int threads = 8;
        long each = 50;
        // One connection is left to the changes of partitions: nobody waits for one in vain.
        Semaphore connections = new Semaphore(4);
        List<Future<?>> writers = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < threads; thread++) {
                int number = thread;
                writers.add(
                        pool.submit(
                                () -> {
                                    for (int i = 0; i < each; i++) {
                                        connections.acquireUninterruptibly();
                                        try {
                                            appendWithEvent("acme/p" + number, NOW.plusSeconds(i));
                                        } finally {
                                            connections.release();
                                        }
                                    }
                                }));
            }
            for (int change = 0; change < 10; change++) {
                create(NOVEMBER);
                drop(NOVEMBER, IN_DECEMBER);
            }
        }
        for (Future<?> writer : writers) {
            writer.get();
        }

        AuditVerification.Report report = verify();
        assertThat(report.fault()).isEmpty();
        long expiries = index.count("select count(*) from audit where action = 'audit.expired'");
        assertThat(expiries).isPositive();
        assertThat(report.head().sequence()).isEqualTo(threads * each + expiries);
        assertThat(report.entries() + report.expired()).isEqualTo(report.head().sequence());
    }

    /** Audited first, so that a wrong order of locks would show. */
    private void appendWithEvent(String plugin, Instant at) {
        long _ =
                index.database()
                        .inTransaction(
                                tx -> {
                                    tx.audit()
                                            .append(
                                                    new AuditEntry(
                                                            at,
                                                            ALICE,
                                                            "release.yanked",
                                                            plugin,
                                                            Optional.empty(),
                                                            Optional.empty()));
                                    return tx.outbox()
                                            .append(
                                                    "release.yanked",
                                                    PluginId.parse(plugin),
                                                    "{}",
                                                    at);
                                });
    }

    private void create(Partition partition) {
        index.database()
                .inTransaction(
                        tx -> {
                            assertThat(tx.partitions().begin(LOCK_TIMEOUT)).isTrue();
                            return tx.partitions().create(partition, 10_000);
                        });
    }

    private void drop(Partition partition, Instant now) {
        index.database()
                .inTransaction(
                        tx -> {
                            assertThat(tx.partitions().begin(LOCK_TIMEOUT)).isTrue();
                            tx.partitions().drop(partition, now);
                            return true;
                        });
    }

    @Test
    void whatIsRolledBackLeavesNoGap() {
        append(1);
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                index.database()
                                        .inTransaction(
                                                tx -> {
                                                    tx.audit()
                                                            .append(
                                                                    new AuditEntry(
                                                                            NOW,
                                                                            ALICE,
                                                                            "a.b",
                                                                            "c",
                                                                            Optional.empty(),
                                                                            Optional.empty()));
                                                    throw new IllegalStateException("no");
                                                }));
        append(1);
        assertIntact(2);
    }

    @Test
    void nothingIsAuditedOutsideATransaction() {
        AuditEntry entry =
                new AuditEntry(NOW, ALICE, "token.made", "x", Optional.empty(), Optional.empty());
        assertThatIllegalStateException()
                .isThrownBy(
                        () ->
                                index.database()
                                        .read(
                                                tx -> {
                                                    tx.audit().append(entry);
                                                    return true;
                                                }))
                .withMessage("token.made is audited in no transaction");
    }

    @Test
    void rowsAreNeitherChangedNorDeleted() {
        append(2);
        create(NOVEMBER);
        append("acme/december", IN_DECEMBER);
        for (String table : List.of("audit", "audit_default", NOVEMBER.name())) {
            for (String change :
                    List.of("update %s set subject = 'x'", "delete from %s", "truncate %s")) {
                assertThatThrownBy(() -> index.execute(change.formatted(table)))
                        .cause()
                        .hasMessageContaining("the audit is append-only: ");
            }
        }
        assertIntact(3);
    }

    @Test
    void entriesFromBeforeTheChainAreCounted() {
        index.execute(
                "insert into audit (at, account, action, subject) values ('2026-10-01', 'bob', 'a.b', 'c')");
        append(1);
        assertThat(assertIntact(1).unchained()).isEqualTo(1);
        List<Kept> all =
                index.database().read(tx -> tx.audit().list(Filter.ALL, Optional.empty(), 10));
        assertThat(all).hasSize(2);
        assertThat(all.getLast().toJson().has("sequence")).isFalse();

        index.execute(
                "insert into audit (at, account, action, subject) values ('2026-10-01', 'bob', 'a.b', 'c')");
        assertFault(Kind.UNCHAINED, 0);
    }

    @Test
    void anEmptyAuditIsIntact() {
        assertThat(assertIntact(0).head()).isEqualTo(AuditHead.EMPTY);
        assertThat(verify(Optional.of(AuditHead.EMPTY)).fault()).isEmpty();
        assertThat(AuditVerification.estimate(index.database())).isZero();
    }

    @Test
    void aChangedEntryIsFound() {
        append(5);
        tamper("update audit set subject = 'acme/other' where sequence = 3");
        assertFault(Kind.CHANGED, 3);
    }

    @Test
    void aChangedDetailIsFound() {
        append(5);
        tamper("update audit set detail = '{\"size\": 7.5}' where sequence = 2");
        assertFault(Kind.CHANGED, 2);
        tamper("update audit set detail = '7' where sequence = 1");
        assertFault(Kind.CHANGED, 1);
    }

    @Test
    void aDeletedEntryIsFound() {
        append(5);
        tamper("delete from audit where sequence between 2 and 3");
        assertFault(Kind.MISSING, 2);
    }

    @Test
    void aDeletedFirstOrLastButOneEntryIsFound() {
        append(5);
        tamper("delete from audit where sequence = 4");
        assertFault(Kind.MISSING, 4);
        tamper("delete from audit where sequence = 1");
        assertFault(Kind.MISSING, 1);
    }

    @Test
    void swappedEntriesAreFound() {
        append(5);
        tamper("update audit set sequence = 5 - sequence where sequence in (2, 3)");
        assertFault(Kind.REORDERED, 2);
    }

    @Test
    void aTruncatedEndIsFound() {
        append(5);
        tamper("delete from audit where sequence > 3");
        assertFault(Kind.TRUNCATED, 4);
    }

    @Test
    void aForgedEntryWithARightHashIsFound() {
        append(5);
        forge(3);
        assertFault(Kind.REPLACED, 3);
    }

    @Test
    void aForgedLastEntryIsFound() {
        append(5);
        forge(5);
        assertFault(Kind.HEAD_DIFFERS, 5);
    }

    @Test
    void aForgedFirstEntryIsFound() {
        append(2);
        ObjectNode first = chained().getFirst().toJson().put("previous_hash", "1".repeat(64));
        rewrite(first);
        assertFault(Kind.CHANGED, 1);
    }

    private void forge(int sequence) {
        rewrite(chained().get(sequence - 1).toJson().put("subject", "acme/forged"));
    }

    private void rewrite(ObjectNode entry) {
        tamper(
                "update audit set subject = '%s', previous_hash = '%s', hash = '%s' where sequence = %d"
                        .formatted(
                                entry.get("subject").asText(),
                                entry.get("previous_hash").asText(),
                                AuditJson.hash(entry),
                                entry.get("sequence").asLong()));
    }

    @Test
    void aSecondEntryOfASequenceIsFound() {
        append(3);
        tamper(
                """
                insert into audit (at, account, action, subject, sequence, previous_hash, hash)
                select at + interval '1 minute', account, action, subject, sequence, previous_hash, hash
                from audit where sequence = 2
                """);
        assertFault(Kind.REPEATED, 2);
    }

    @Test
    void aHeadThatWasSetBackOrRemovedIsFound() {
        append(3);
        tamper("update audit_head set sequence = 2");
        assertFault(Kind.HEAD_DIFFERS, 3);
        tamper("delete from audit_head");
        assertFault(Kind.HEAD_DIFFERS, 3);
    }

    @Test
    void aChainThatWasWrittenAnewDiffersFromItsNotedHead() {
        append(3);
        AuditHead noted = assertIntact(3).head();
        append(1);
        assertThat(verify(Optional.of(noted)).fault()).isEmpty();

        tamper("delete from audit; update audit_head set sequence = 0, hash = repeat('0', 64)");
        append(2);
        assertIntact(2);
        assertFault(verify(Optional.of(noted)), Kind.TRUNCATED, 3);
        append(2);
        assertIntact(4);
        assertFault(verify(Optional.of(noted)), Kind.REWRITTEN, 3);
    }

    @Test
    void theChainIsVerifiedAcrossPages() {
        AuditEntry entry =
                new AuditEntry(NOW, ALICE, "token.made", "x", Optional.empty(), Optional.empty());
        for (int batch = 0; batch < 3; batch++) {
            append(IntStream.range(0, 1000).mapToObj(_ -> entry).toArray(AuditEntry[]::new));
        }
        List<Long> steps = new ArrayList<>();
        AuditVerification.Report report =
                AuditVerification.verify(index.database(), Optional.empty(), steps::add);
        assertThat(report.fault()).isEmpty();
        assertThat(report.entries()).isEqualTo(3000);
        assertThat(steps).containsExactly(1000L, 1000L, 1000L, 0L);

        tamper(
                "delete from audit where sequence = 1000; update audit set reason = 'x' where sequence = 2001");
        assertFault(Kind.MISSING, 1000);
    }

    @Test
    void whatRetentionTakesIsToldAndTheRestIsVerified() {
        append("acme/a", NOW);
        append("acme/b", NOW.plusSeconds(1));
        // A server whose clock is ahead, and one whose clock is not.
        append("acme/c", IN_DECEMBER);
        append("acme/d", IN_DECEMBER.minusSeconds(1));
        append("acme/e", IN_DECEMBER.plusSeconds(1));
        create(NOVEMBER);
        AuditHead second = new AuditHead(2, link(chained().get(1)).hash());
        AuditHead first = new AuditHead(1, link(chained().get(0)).hash());

        drop(NOVEMBER, LATER);

        AuditVerification.Report report = assertIntact(3);
        assertThat(report.first()).isEqualTo(3);
        assertThat(report.expired()).isEqualTo(3);
        assertThat(verify(Optional.of(second)).fault()).isEmpty();
        assertFault(verify(Optional.of(first)), Kind.NOT_COMPARED, 1);
        Kept told = chained().getLast();
        assertThat(told.action()).isEqualTo("audit.expired");
        assertThat(told.subject()).isEqualTo(NOVEMBER.name());
        assertThat(told.account()).isEqualTo("registry");
        assertThat(AuditText.parse(told.detail()).path("entries").asLong()).isEqualTo(3);
        assertThat(AuditSpan.read(AuditText.parse(told.detail())))
                .extracting(AuditSpan::from, AuditSpan::to)
                .containsExactly(tuple(1L, 2L), tuple(4L, 4L));
    }

    @Test
    void whatIsSetAsideAndWhatGoesFromTheDefaultPartitionIsToldToo() {
        append("acme/a", NOW);
        append("acme/b", NOW.plusSeconds(1));
        create(NOVEMBER);
        append("acme/c", IN_DECEMBER);
        append("acme/d", IN_DECEMBER.plusSeconds(1));
        append("acme/e", LATER);
        String kept =
                index.database().inTransaction(tx -> tx.partitions().setAside(NOVEMBER, LATER));
        assertThat(index.count("select count(*) from " + kept)).isEqualTo(2);
        assertThat(assertIntact(4).expired()).isEqualTo(2);

        assertThat(deleteFromDefault(1)).isEqualTo(1);
        assertThat(deleteFromDefault(5)).isEqualTo(1);
        assertThat(deleteFromDefault(5)).isZero();

        AuditVerification.Report report = assertIntact(4);
        assertThat(report.expired()).isEqualTo(4);
        assertThat(report.first()).isEqualTo(5);
        assertThat(AuditSpan.read(AuditText.parse(chained().getLast().detail()))).hasSize(1);
        assertThatThrownBy(() -> index.execute("delete from audit_default"))
                .cause()
                .hasMessageContaining("append-only");
    }

    private int deleteFromDefault(int limit) {
        return index.database()
                .inTransaction(
                        tx ->
                                tx.partitions()
                                        .deleteFromDefault(
                                                PartitionedTable.AUDIT,
                                                LocalDate.parse("2028-01-01"),
                                                limit,
                                                LATER));
    }

    @Test
    void anEmptyPartitionGoesWithoutAWord() {
        create(NOVEMBER);
        drop(NOVEMBER, LATER);
        assertIntact(0);
    }

    @Test
    void aPartitionThatSomebodyElseDroppedIsMissing() {
        append(3);
        create(NOVEMBER);
        append("acme/c", IN_DECEMBER);
        index.execute("drop table " + NOVEMBER.name());
        assertFault(Kind.MISSING, 1);
    }

    @Test
    void aChangedTaleOfRetentionIsFound() {
        append(3);
        create(NOVEMBER);
        append("acme/c", IN_DECEMBER);
        append("acme/d", IN_DECEMBER);
        append("acme/e", IN_DECEMBER);
        drop(NOVEMBER, LATER);
        assertIntact(4);
        Kept gone = chained().get(1);
        tamper(
                """
                delete from audit where sequence = 5;
                update audit set detail = jsonb_set(detail, '{expired,1}',
                    jsonb_build_object('from', 5, 'to', 5, 'previous_hash', '%s', 'hash', '%s'))
                where sequence = 7
                """
                        .formatted(link(gone).previousHash(), link(gone).hash()));
        assertFault(Kind.CHANGED, 7);
        tamper("delete from audit where sequence = 7; update audit_head set sequence = 6");
        assertFault(Kind.MISSING, 1);
    }

    @Test
    void retentionMayTakeEntriesWhileTheyAreVerified() {
        AuditEntry old =
                new AuditEntry(NOW, ALICE, "token.made", "x", Optional.empty(), Optional.empty());
        append(IntStream.range(0, 1500).mapToObj(_ -> old).toArray(AuditEntry[]::new));
        create(NOVEMBER);
        append("acme/c", IN_DECEMBER);
        AtomicBoolean dropped = new AtomicBoolean();
        AuditVerification.Report report =
                AuditVerification.verify(
                        index.database(),
                        Optional.empty(),
                        _ -> {
                            if (dropped.compareAndSet(false, true)) {
                                drop(NOVEMBER, LATER);
                            }
                        });
        assertThat(report.fault()).isEmpty();
        assertThat(report.entries()).isEqualTo(2);
        assertThat(report.expired()).isEqualTo(1500);
    }

    @Test
    void entriesAreFoundByActionAccountAndTime() {
        for (String action : List.of("token.made", "token.revoked", "tokens.listed")) {
            append(new AuditEntry(NOW, ALICE, action, "x", Optional.empty(), Optional.empty()));
        }
        append(
                new AuditEntry(
                        NOW.plusSeconds(1),
                        Actor.host(new UUID(0, 1)),
                        "token.made",
                        "y",
                        Optional.empty(),
                        Optional.empty(),
                        "{}"));
        assertThat(sequences(filter("", "token.*", "", "", ""))).containsExactly(4L, 2L, 1L);
        assertThat(sequences(filter("", "token.made", "", "", ""))).containsExactly(4L, 1L);
        assertThat(sequences(filter("", "*", "alice", "", ""))).containsExactly(3L, 2L, 1L);
        assertThat(sequences(filter("", "", "host:00000000-0000-0000-0000-000000000001", "", "")))
                .containsExactly(4L);
        assertThat(sequences(filter("y", "", "", "", ""))).containsExactly(4L);
        String border = NOW.plusSeconds(1).toString();
        assertThat(sequences(filter("", "", "", border, ""))).containsExactly(4L);
        assertThat(sequences(filter("", "", "", "", border))).containsExactly(3L, 2L, 1L);
    }

    private static Filter filter(
            String subject, String action, String account, String since, String until) {
        return new Filter(
                given(subject),
                given(action),
                given(account),
                given(since).map(Instant::parse),
                given(until).map(Instant::parse));
    }

    private static Optional<String> given(String text) {
        return Optional.of(text).filter(some -> !some.isEmpty());
    }

    private List<Long> sequences(Filter filter) {
        return index
                .database()
                .<List<Kept>>read(tx -> tx.audit().list(filter, Optional.empty(), 10))
                .stream()
                .map(kept -> link(kept).sequence())
                .toList();
    }

    @Test
    void anExportIsWrittenPageByPageAndWhateverWasChangedIsInIt() throws IOException {
        AuditEntry entry =
                new AuditEntry(NOW, ALICE, "token.made", "x", Optional.empty(), Optional.empty());
        append(IntStream.range(0, 1200).mapToObj(_ -> entry).toArray(AuditEntry[]::new));
        tamper("update audit set detail = '{\"a\": 1.5}' where sequence = 3");
        AuditExport export =
                AuditExport.begin(
                        index.database(),
                        new AuditExport.Period(Optional.of(NOW), Optional.empty()),
                        Actor.OPERATOR,
                        Optional.empty(),
                        LATER);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Long> steps = new ArrayList<>();
        export.writeTo(out, steps::add);
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(export.estimate()).isEqualTo(1201);
        assertThat(steps).containsExactly(1000L, 201L);
        assertThat(lines).hasSize(1201);
        assertThat(lines.getFirst())
                .startsWith("{\"account\":\"alice\",\"account_id\":7,\"action\":\"token.made\",");
        assertThat(lines.get(2)).contains("\"detail\":{\"a\":1.5}");
        assertThat(lines.getLast()).contains("audit.exported", "\"since\":\"" + NOW + "\"");
    }

    @Test
    void aTimeIsARangeOfTheChainWithoutGaps() {
        append("acme/a", NOW);
        append("acme/b", NOW.plusSeconds(5));
        append("acme/c", NOW.plusSeconds(3));
        append("acme/d", NOW.plusSeconds(6));
        assertThat(range("", "")).isEqualTo(new Range(1, 4));
        assertThat(range(NOW.plusSeconds(5).toString(), "")).isEqualTo(new Range(2, 4));
        assertThat(range("", NOW.plusSeconds(4).toString())).isEqualTo(new Range(1, 3));
        assertThat(range(NOW.plusSeconds(9).toString(), "")).isEqualTo(new Range(1, 0));
        assertThat(index.database().<List<Kept>>read(tx -> tx.audit().chained(new Range(2, 4), 2)))
                .extracting(kept -> link(kept).sequence())
                .containsExactlyElementsOf(LongStream.rangeClosed(2, 3).boxed().toList());
    }

    private Range range(String since, String until) {
        return index.database()
                .read(
                        tx ->
                                tx.audit()
                                        .range(
                                                given(since).map(Instant::parse),
                                                given(until).map(Instant::parse)));
    }
}
