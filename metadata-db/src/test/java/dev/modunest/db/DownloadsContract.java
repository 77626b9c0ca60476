package dev.modunest.db;

import static dev.modunest.db.TestIndex.NOW;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.db.DownloadStore.Count;
import dev.modunest.db.DownloadStore.Day;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Downloads are counted once per batch. */
abstract class DownloadsContract {

    private static final LocalDate TODAY = LocalDate.parse("2026-11-01");
    private static final PluginId EDITOR = PluginId.parse("acme/editor");

    private TestIndex index;

    abstract TestPostgres server();

    @BeforeEach
    void open() {
        index = new TestIndex(server());
        index.publish("acme/editor@1.9.0");
        index.publish("acme/editor@1.10.0");
        index.publish("acme/other@1.0.0");
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void countsAddUpByDayAndRelease() {
        assertThat(
                        add(
                                "edge",
                                1,
                                count("acme/editor@1.10.0", TODAY, 2),
                                count("acme/editor@1.9.0", TODAY, 1),
                                count("acme/other@1.0.0", TODAY, 9),
                                count("acme/editor@1.9.0", TODAY.minusDays(1), 4)))
                .isTrue();
        assertThat(add("edge", 2, count("acme/editor@1.9.0", TODAY, 3))).isTrue();
        assertThat(list(TODAY.minusDays(1), TODAY))
                .containsExactly(
                        day(TODAY.minusDays(1), "1.9.0", 4),
                        day(TODAY, "1.9.0", 4),
                        day(TODAY, "1.10.0", 2));
        assertThat(list(TODAY, TODAY)).hasSize(2);
        assertThat(list(TODAY.plusDays(1), TODAY.plusDays(9))).isEmpty();
        assertThat(
                        index.database()
                                .<Map<LocalDate, Long>>read(
                                        tx ->
                                                tx.downloads()
                                                        .totals(EDITOR, TODAY.minusDays(1), TODAY)))
                .containsExactly(Map.entry(TODAY.minusDays(1), 4L), Map.entry(TODAY, 6L));
    }

    @Test
    void aBatchCountsOnce() {
        Count one = count("acme/editor@1.9.0", TODAY, 1);
        assertThat(add("a", 5, one)).isTrue();
        assertThat(add("a", 5, one)).isFalse();
        assertThat(add("a", 4, one)).isFalse();
        assertThat(add("b", 5, one)).isTrue();
        assertThat(list(TODAY, TODAY)).containsExactly(day(TODAY, "1.9.0", 2));
    }

    @Test
    void whatNoReleaseHasIsLeftOut() {
        assertThat(add("a", 1, count("unknown", TODAY, 1))).isTrue();
        assertThat(add("a", 2)).isTrue();
        assertThat(list(TODAY, TODAY)).isEmpty();
    }

    @Test
    void aBatchThatFailsIsNotCounted() {
        assertThatThrownBy(
                        () ->
                                index.database()
                                        .inTransaction(
                                                tx -> {
                                                    tx.downloads().add("a", 1, List.of(), NOW);
                                                    throw new IllegalStateException("crash");
                                                }))
                .hasMessage("crash");
        assertThat(add("a", 1, count("acme/editor@1.9.0", TODAY, 1))).isTrue();
    }

    @Test
    void sourcesAtTheSameTimeLoseNothingAndDoNotBlockEachOther() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> sources = new ArrayList<>();
            for (int source = 0; source < 4; source++) {
                Random random = new Random(source);
                String name = "source-" + source;
                sources.add(
                        threads.submit(
                                () -> {
                                    for (int batch = 1; batch <= 10; batch++) {
                                        List<Count> counts =
                                                new ArrayList<>(
                                                        List.of(
                                                                count(
                                                                        "acme/editor@1.9.0",
                                                                        TODAY,
                                                                        1),
                                                                count(
                                                                        "acme/editor@1.10.0",
                                                                        TODAY,
                                                                        1),
                                                                count(
                                                                        "acme/other@1.0.0",
                                                                        TODAY,
                                                                        1)));
                                        Collections.shuffle(counts, random);
                                        // Twice, as after a lost answer.
                                        assertThat(add(name, batch, counts.toArray(Count[]::new)))
                                                .isTrue();
                                        assertThat(add(name, batch, counts.toArray(Count[]::new)))
                                                .isFalse();
                                    }
                                }));
            }
            for (Future<?> source : sources) {
                source.get();
            }
        }
        assertThat(list(TODAY, TODAY))
                .containsExactly(day(TODAY, "1.9.0", 40), day(TODAY, "1.10.0", 40));
    }

    @Test
    void sourcesThatAreSilentAreForgotten() {
        add("origin:a", 7, count("acme/editor@1.9.0", TODAY, 1));
        add("edge:a", 7, count("acme/editor@1.9.0", TODAY, 1));
        index.database()
                .inTransaction(
                        tx -> {
                            assertThat(tx.downloads().forgetSources("origin:", NOW)).isZero();
                            assertThat(tx.downloads().forgetSources("origin:", NOW.plusSeconds(1)))
                                    .isOne();
                            return true;
                        });
        assertThat(add("edge:a", 7)).isFalse();
    }

    @Test
    void aCountIsAtLeastOne() {
        assertThatThrownBy(() -> count("acme/editor@1.9.0", TODAY, 0))
                .hasMessageContaining("at least 1");
    }

    private boolean add(String source, long sequence, Count... counts) {
        return index.database()
                .inTransaction(tx -> tx.downloads().add(source, sequence, List.of(counts), NOW));
    }

    private List<Day> list(LocalDate from, LocalDate to) {
        return index.database().read(tx -> tx.downloads().list(EDITOR, from, to, 100));
    }

    private static Count count(String coordinate, LocalDate day, long count) {
        return new Count(Digest.ofBytes(coordinate.getBytes(StandardCharsets.UTF_8)), day, count);
    }

    private static Day day(LocalDate day, String version, long count) {
        return new Day(day, Version.parse(version), count);
    }
}
