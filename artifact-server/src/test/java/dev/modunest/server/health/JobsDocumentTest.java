package dev.modunest.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.periodic.Job;
import dev.modunest.server.periodic.Jobs;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class JobsDocumentTest {

    private Instant now = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void tellsWhichJobIsLate() {
        Jobs jobs = new Jobs(new Metrics(), () -> now);
        Job hourly = jobs.watch("hourly", Duration.ofHours(1));
        Job busy = jobs.watch("busy", Duration.ofSeconds(1));
        assertThat(JobsDocument.of(jobs.all()).late()).isFalse();

        now = now.plus(Duration.ofMinutes(1));
        hourly.succeeded();

        JobsDocument document = JobsDocument.of(jobs.all());
        assertThat(document.late()).isTrue();
        assertThat(document.json())
                .hasToString(
                        "{\"hourly\":{\"status\":\"up\",\"last_round_at\":\"2026-11-24T10:01:00Z\"},"
                                + "\"busy\":{\"status\":\"late\",\"last_round_at\":\"2026-11-24T10:00:00Z\"}}");
        busy.succeeded();
        assertThat(JobsDocument.of(jobs.all()).late()).isFalse();
    }
}
