package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;

/** Says how an edge is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says how an edge is: its state, tiers, and each origin server.",
        footer = {
            "",
            "Exit code: 0 when it serves and an origin server is asked, 1 when not or when the edge does not",
            "answer, 2 for bad usage."
        })
final class EdgeStatusCommand implements Callable<Integer> {

    private static final double MIB = 1 << 20;

    @Mixin private EdgeAdministration edge = new EdgeAdministration();

    @Option(names = "--json", description = "The documents of /-/status and /-/origins.")
    private boolean json;

    @Spec private CommandSpec spec;

    EdgeStatusCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        JsonNode status = edge.get("/-/status");
        JsonNode origins = edge.get("/-/origins");
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println("{\"status\":" + status + ",\"origins\":" + origins.path("origins") + "}");
        } else {
            tell(status, origins.path("origins"), out);
        }
        out.flush();
        boolean good =
                status.path("state").asText().equals("serving")
                        && status.path("origins").path("asked").asInt() > 0;
        return good ? 0 : 1;
    }

    private static void tell(JsonNode status, JsonNode origins, PrintWriter out) {
        out.println(
                status.path("state").asText()
                        + " ("
                        + status.path("mode").asText()
                        + ", version "
                        + status.path("version").asText()
                        + ") for "
                        + status.path("uptime_seconds").asLong()
                        + " s, "
                        + status.path("connections").asLong()
                        + " connections, "
                        + status.path("fills_running").asLong()
                        + " fills, "
                        + status.path("prefetches_waiting").asLong()
                        + " prefetches waiting");
        status.path("tiers")
                .properties()
                .forEach(
                        tier ->
                                out.printf(
                                        Locale.ROOT,
                                        "%-10s %9d objects %11.1f MiB%n",
                                        tier.getKey(),
                                        tier.getValue().path("objects").asLong(),
                                        tier.getValue().path("bytes").asLong() / MIB));
        for (JsonNode origin : origins) {
            out.printf(
                    Locale.ROOT,
                    "origin     %s: %s, breaker %s, load %d, %.1f ms%s%n",
                    origin.path("origin").asText(),
                    origin.path("up").asBoolean() ? "up" : "down",
                    origin.path("breaker").asText(),
                    origin.path("load").asInt(),
                    origin.path("latency_millis").asDouble(),
                    origin.hasNonNull("last_failure")
                            ? "; last failure: " + origin.path("last_failure").asText()
                            : "");
        }
        status.path("need_restart").forEach(key -> out.println("restart to apply " + key.asText()));
    }
}
