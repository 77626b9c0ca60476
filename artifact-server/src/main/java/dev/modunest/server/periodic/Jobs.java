package dev.modunest.server.periodic;

import dev.modunest.server.metrics.Metrics;

import io.prometheus.client.Gauge;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The jobs of this process, and when a round of each last went well. Thread-safe. */
public final class Jobs {

    private final InstantSource clock;
    private final List<Job> jobs = new CopyOnWriteArrayList<>();
    private final Gauge lastRounds =
            Gauge.build(
                            "modunest_job_last_round_timestamp_seconds",
                            "When a round of the job last went well, at first when it began, Unix time.")
                    .labelNames("job")
                    .create();

    public Jobs(Metrics metrics, InstantSource clock) {
        this.clock = clock;
        metrics.add(lastRounds);
    }

    /**
     * Does {@code round} after {@code first}, and again {@code interval} after each round, on a
     * thread of its own. What a round throws, an {@link Error} too, ends that round alone.
     */
    public Periodic start(String name, Duration first, Duration interval, Runnable round) {
        return new Periodic(watch(name, interval), first, interval, round);
    }

    /** A job that has a schedule of its own and tells of its rounds. */
    public Job watch(String name, Duration interval) {
        Job job = new Job(name, interval, clock, lastRounds.labels(name));
        jobs.add(job);
        return job;
    }

    /** In the order in which they began. */
    public List<Job> all() {
        return List.copyOf(jobs);
    }
}
