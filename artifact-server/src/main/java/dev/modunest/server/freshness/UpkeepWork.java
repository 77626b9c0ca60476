package dev.modunest.server.freshness;

import dev.modunest.format.tuf.RolePath;
import dev.modunest.format.tuf.TimestampMetadata;
import dev.modunest.server.periodic.Job;
import dev.modunest.server.periodic.SoleWriter;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The repository is kept up, a batch at most every {@code freshness.interval}. */
final class UpkeepWork implements SoleWriter.Work {

    private final Upkeep.Parts parts;
    private final Job job;
    private volatile Optional<Instant> stamped = Optional.empty();

    /**
     * @param job hears of every new timestamp, whoever writes it
     */
    UpkeepWork(Upkeep.Parts parts, Job job) {
        this.parts = parts;
        this.job = job;
    }

    /** When the timestamp that is public was written; empty before there is one. */
    Optional<Instant> stamped() {
        return stamped;
    }

    @Override
    public SoleWriter.Turn begin() throws IOException {
        Upkeep upkeep = Upkeep.begin(parts);
        long interval = parts.config().interval().toNanos();
        return () -> {
            long begun = System.nanoTime();
            boolean more = upkeep.next();
            lookOn();
            TimeUnit.NANOSECONDS.sleep(interval - (System.nanoTime() - begun));
            return more;
        };
    }

    /** Whoever writes the timestamp, each new one is a sign that somebody does. */
    @Override
    public void lookOn() {
        Optional<Instant> now =
                parts.database()
                        .read(tx -> tx.freshness().writtenAt(RolePath.of(TimestampMetadata.ROLE)));
        if (!now.equals(stamped)) {
            stamped = now;
            job.succeeded();
        }
    }
}
