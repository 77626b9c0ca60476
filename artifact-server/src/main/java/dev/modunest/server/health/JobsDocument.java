package dev.modunest.server.health;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.server.periodic.Job;

import java.util.List;

/** How the jobs of the process go, by name. */
record JobsDocument(ObjectNode json, boolean late) {

    static JobsDocument of(List<Job> jobs) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        boolean late = false;
        for (Job job : jobs) {
            boolean isLate = job.isLate();
            late |= isLate;
            json.putObject(job.name())
                    .put("status", isLate ? "late" : "up")
                    .put("last_round_at", job.lastRound().toString());
        }
        return new JobsDocument(json, late);
    }
}
