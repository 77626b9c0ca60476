package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** Has an edge fetch what will be asked for. */
@Command(
        name = "prefetch",
        mixinStandardHelpOptions = true,
        description =
                "Has a running edge fetch paths, artifacts or the releases of a lock, and waits for it.",
        footer = {
            "",
            "Example: ./modunest edge prefetch --lock modunest.lock.json",
            "Exit code: 0 when all of it is there, or with --no-wait accepted, 1 when something could not be",
            "fetched or the edge refuses or does not answer, 2 for bad usage."
        })
final class EdgePrefetchCommand implements Callable<Integer> {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final int MOST_WAIT = 86_400;
    private static final long MAX_LOCK_BYTES = 64L << 20;

    @Parameters(arity = "0..*", paramLabel = "PATH", description = "Paths with their queries.")
    private List<String> paths = List.of();

    @Option(names = "--digest", paramLabel = "sha256:HEX", description = "An artifact.")
    private List<String> digests = List.of();

    @Option(
            names = "--lock",
            paramLabel = "FILE",
            description = "The releases of a modunest.lock.json; instead of paths and digests.")
    private @Nullable Path lock;

    @Option(names = "--no-wait", description = "Ends when the edge has accepted the list.")
    private boolean noWait;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description =
                    "Longest wait, 1 to 86400; default ${DEFAULT-VALUE}. The edge goes on after it.")
    private int wait = 600;

    @Option(names = "--json", description = "The job as the edge tells it.")
    private boolean json;

    @Mixin private EdgeAdministration edge = new EdgeAdministration();

    @Spec private CommandSpec spec;

    EdgePrefetchCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        if (wait < 1 || wait > MOST_WAIT) {
            throw StandaloneException.wrongUse("--wait is 1 to " + MOST_WAIT + ", not " + wait);
        }
        JsonNode job = edge.post("/-/prefetch", list());
        if (!noWait) {
            job = await(job);
        }
        tell(job);
        return job.path("failed").asLong() == 0 && (noWait || job.has("ended_at")) ? 0 : 1;
    }

    private byte[] list() {
        if (lock != null) {
            if (!paths.isEmpty() || !digests.isEmpty()) {
                throw StandaloneException.wrongUse(
                        "--lock stands alone, without paths and digests");
            }
            return read(lock);
        }
        if (paths.isEmpty() && digests.isEmpty()) {
            throw StandaloneException.wrongUse(
                    "name what is to be fetched: a path, --digest or --lock, one at least");
        }
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        paths.forEach(named.putArray("paths")::add);
        digests.forEach(named.putArray("digests")::add);
        return named.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] read(Path lock) {
        try {
            if (Files.size(lock) > MAX_LOCK_BYTES) {
                throw StandaloneException.wrongUse(lock + " is longer than 64 MiB");
            }
            return Files.readAllBytes(lock);
        } catch (IOException unreadable) {
            throw StandaloneException.wrongUse("the lock " + lock + " cannot be read");
        }
    }

    private JsonNode await(JsonNode begun) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(wait).toNanos();
        JsonNode job = begun;
        while (!job.has("ended_at") && System.nanoTime() < deadline) {
            Thread.sleep(BETWEEN_LOOKS);
            job = edge.get("/-/prefetch/" + begun.path("id").asText());
        }
        return job;
    }

    private void tell(JsonNode job) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(job);
        } else {
            out.println(
                    job.path("done").asLong()
                            + " of "
                            + job.path("total").asLong()
                            + " there, "
                            + job.path("failed").asLong()
                            + " failed, "
                            + job.path("waiting").asLong()
                            + " waiting (GET /-/prefetch/"
                            + job.path("id").asText()
                            + ")");
            job.path("failures")
                    .forEach(
                            failure ->
                                    out.println(
                                            "failed  "
                                                    + failure.path("target").asText()
                                                    + ": "
                                                    + failure.path("reason").asText()));
        }
        out.flush();
    }
}
