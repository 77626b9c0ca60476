package dev.modunest.server.transparency;

import dev.modunest.server.periodic.Job;
import dev.modunest.server.periodic.SoleWriter;

/** The log is written batch by batch. */
final class LogWork implements SoleWriter.Work {

    private final Writing.Parts parts;
    private final LogHead head;
    private final Job job;

    LogWork(Writing.Parts parts, LogHead head, Job job) {
        this.parts = parts;
        this.head = head;
        this.job = job;
    }

    @Override
    public SoleWriter.Turn begin() {
        Writing writing = Writing.begin(parts);
        return () -> {
            boolean wrote = writing.next();
            job.succeeded();
            if (wrote) {
                head.refresh();
            }
            return wrote;
        };
    }

    @Override
    public void lookOn() {
        job.succeeded();
    }
}
