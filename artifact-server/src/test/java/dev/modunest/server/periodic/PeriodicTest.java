package dev.modunest.server.periodic;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import dev.modunest.server.metrics.Metrics;
import dev.modunest.telemetry.Exposition;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class PeriodicTest {

    private static final Instant BEGIN = Instant.parse("2026-11-24T10:00:00Z");

    private final Metrics metrics = new Metrics();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Job.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private volatile Instant now = BEGIN;
    private final Jobs jobs = new Jobs(metrics, () -> now);

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    @Test
    void anErrorEndsItsRoundAlone() throws InterruptedException {
        AtomicInteger rounds = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        try (Periodic _ =
                jobs.start(
                        "job",
                        Duration.ZERO,
                        Duration.ofMillis(1),
                        () -> {
                            three.countDown();
                            if (rounds.incrementAndGet() == 1) {
                                throw new OutOfMemoryError("as a test says");
                            }
                        })) {
            assertThat(three.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aWakeDoesARoundAtOnce() throws InterruptedException {
        Semaphore rounds = new Semaphore(0);
        try (Periodic job =
                jobs.start(
                        "job", Duration.ofHours(1), Duration.ofHours(1), () -> rounds.release())) {
            job.wake();
            assertThat(rounds.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            job.wake();
            assertThat(rounds.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aClosedOneIsNotWoken() {
        Periodic job =
                jobs.start("job", Duration.ofHours(1), Duration.ofHours(1), () -> now = BEGIN);
        job.close();
        now = BEGIN.plusSeconds(1);
        job.wake();
        assertThat(now).isEqualTo(BEGIN.plusSeconds(1));
    }

    @Test
    void aFailureIsLoggedOnceUntilARoundGoesWell() {
        Job job = jobs.watch("job", Duration.ofSeconds(1));
        job.failed(new IllegalStateException("first"));
        job.failed(new IllegalStateException("second"));
        job.failed(new OutOfMemoryError("other"));
        job.succeeded();
        job.succeeded();
        job.failed(new OutOfMemoryError("again"));
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "job failed and is tried again",
                        "job failed and is tried again",
                        "job goes well again",
                        "job failed and is tried again");
    }

    @Test
    void aJobIsLateAfterThreeIntervalsAndHalfAMinute() {
        Job job = jobs.watch("job", Duration.ofMinutes(1));
        now = BEGIN.plus(Duration.ofSeconds(210));
        assertThat(job.isLate()).isFalse();
        now = BEGIN.plus(Duration.ofSeconds(211));
        assertThat(job.isLate()).isTrue();
        assertThat(job.lastRound()).isEqualTo(BEGIN);
        job.succeeded();
        assertThat(job.isLate()).isFalse();
        assertThat(jobs.all()).isEqualTo(List.of(job));
    }

    @Test
    void theLastGoodRoundIsAMetric() {
        Job job = jobs.watch("counting", Duration.ofMinutes(1));
        String name = "modunest_job_last_round_timestamp_seconds{job=\"counting\",} ";
        assertThat(metrics.text(Exposition.accepting(null)))
                .contains(name + (double) BEGIN.getEpochSecond());
        now = BEGIN.plusSeconds(60);
        job.failed(new IllegalStateException("a bad round"));
        assertThat(metrics.text(Exposition.accepting(null)))
                .contains(name + (double) BEGIN.getEpochSecond());
        job.succeeded();
        assertThat(metrics.text(Exposition.accepting(null)))
                .contains(name + (double) now.getEpochSecond());
    }
}
