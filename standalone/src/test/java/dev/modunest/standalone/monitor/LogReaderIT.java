package dev.modunest.standalone.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.log.NoteKey;
import dev.modunest.format.log.SignedCheckpoint;
import dev.modunest.format.trust.json.JsonFields;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reading a log that keeps its word, and one that does not. */
class LogReaderIT {

    private final List<String> read = new ArrayList<>();
    private FakeLog log;

    @BeforeEach
    void start() throws IOException {
        log = new FakeLog();
        log.append("zero", "one", "two");
    }

    @AfterEach
    void stop() {
        log.close();
    }

    private Progress read(Optional<Progress> seen) throws Exception {
        return read(seen, log.key());
    }

    private Progress read(Optional<Progress> seen, NoteKey... keys) throws Exception {
        try (RemoteLog remote = new RemoteLog(log.uri(), FakeLog.ORIGIN, Optional.empty())) {
            return new LogReader(remote, List.of(keys), Duration.ZERO)
                    .read(
                            seen,
                            (first, entries, now) -> {
                                assertThat(first).isEqualTo(read.size());
                                entries.forEach(
                                        entry ->
                                                read.add(
                                                        new String(entry, StandardCharsets.UTF_8)));
                                assertThat(now.entries()).isEqualTo(read.size());
                            });
        }
    }

    private static LogMisbehavedException misbehaves(
            String because, org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        List<LogMisbehavedException> caught = new ArrayList<>();
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(LogMisbehavedException.class, caught::add)
                .hasMessageContaining(because);
        return caught.getFirst();
    }

    @Test
    void goesOnWhereItWasLeft() throws Exception {
        Progress first = read(Optional.empty());
        assertThat(read).containsExactly("zero", "one", "two");
        assertThat(read(Optional.of(first))).isEqualTo(first);

        log.append("three");
        Progress kept = Progress.of(new JsonFields(first.json(), "kept"));
        read(Optional.of(kept));

        assertThat(read).containsExactly("zero", "one", "two", "three");
    }

    @Test
    void readsALongLogInPortionsAndFromFullTilesWherePartialOnesAreGone() throws Exception {
        log.append(IntStream.range(3, 1500).mapToObj(i -> "entry " + i).toArray(String[]::new));
        Progress first = read(Optional.empty());
        assertThat(read).hasSize(1500);
        assertThat(first.entries()).isEqualTo(1500);
        SignedCheckpoint old = log.head();

        log.append(IntStream.range(1500, 1536).mapToObj(i -> "entry " + i).toArray(String[]::new));
        log.dropPartialTiles();
        log.say(old.toString());
        assertThat(read(Optional.of(first)).entries()).isEqualTo(1500);
    }

    @Test
    void aForkIsShownByBothHeads() throws Exception {
        Progress seen = read(Optional.empty());
        log.replace(1, "another");
        log.append("three");

        LogMisbehavedException fork = misbehaves("forked", () -> read(Optional.of(seen)));

        assertThat(fork.evidence().path("seen").asText()).isEqualTo(seen.head().toString());
        assertThat(fork.evidence().path("served").asText()).isEqualTo(log.head().toString());
        assertThat(fork.evidence().path("hashes")).isNotEmpty();
    }

    @Test
    void twoRootsForOneSizeAreAFork() throws Exception {
        Progress seen = read(Optional.empty());
        log.replace(2, "another");
        misbehaves("forked", () -> read(Optional.of(seen)));
    }

    @Test
    void aLogThatShrinksIsRolledBack() throws Exception {
        Progress seen = read(Optional.empty());
        log.forgetAfter(2);
        assertThat(
                        misbehaves("rolled back from 3 entries to 2", () -> read(Optional.of(seen)))
                                .evidence()
                                .path("served")
                                .asText())
                .isEqualTo(log.head().toString());
    }

    @Test
    void entriesAreThoseOfTheHead() {
        String head = log.head().toString();
        log.replace(2, "another");
        log.say(head);
        misbehaves("are not those of its head", () -> read(Optional.empty()));
        assertThat(read).isEmpty();
    }

    @Test
    void whatWasReadBeforeStaysTheBeginning() throws Exception {
        Progress seen = read(Optional.empty());
        log.append("three");
        Progress damaged = new Progress(seen.head(), 2, seen.root());
        misbehaves("others than those that were read", () -> read(Optional.of(damaged)));
    }

    @Test
    void aHeadThatTheLogDidNotSignIsNone() {
        log.say(log.head(FakeLog.ORIGIN, FakeLog.otherSigner()).toString());
        misbehaves("is not signed by its key of ED25519", () -> read(Optional.empty()));
        log.say("nothing");
        misbehaves("is malformed", () -> read(Optional.empty()));
        log.say(log.head("other.example/log", FakeLog.otherSigner()).toString());
        misbehaves("is of other.example/log", () -> read(Optional.empty()));
        assertThatThrownBy(() -> read(Optional.empty(), new NoteKey[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsNotServedIsTroubleAndNoMisbehaviour() {
        String head = log.head().toString();
        log.forgetAfter(0);
        log.say(head);
        assertThatThrownBy(() -> read(Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has no tile/");
    }
}
