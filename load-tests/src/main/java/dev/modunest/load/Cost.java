package dev.modunest.load;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The CPU time of a server during a run, by {@code process_cpu_seconds_total} of its {@code
 * /metrics}; not told where it has none.
 */
final class Cost {

    private static final Pattern CPU =
            Pattern.compile("(?m)^process_cpu_seconds_total ([0-9.eE+-]+)");
    private static final int OK = 200;
    private static final double THOUSAND = 1_000;

    private final URI server;
    private final long requests;
    private OptionalDouble before = OptionalDouble.empty();

    /**
     * @param requests that the run sends
     */
    Cost(URI server, long requests) {
        this.server = server;
        this.requests = requests;
    }

    void begin() {
        before = seconds();
    }

    /** The sentence that tells it. */
    Optional<String> end() {
        OptionalDouble after = seconds();
        if (before.isEmpty() || after.isEmpty()) {
            return Optional.empty();
        }
        double seconds = after.getAsDouble() - before.getAsDouble();
        return Optional.of(
                String.format(
                        Locale.ROOT,
                        "%s used %.2f s of CPU, %.3f s per 1,000 requests",
                        server,
                        seconds,
                        seconds * THOUSAND / requests));
    }

    private OptionalDouble seconds() {
        try (RegistryClient client = new RegistryClient(server, "edge")) {
            RegistryClient.Answer answer =
                    client.send(HttpRequest.newBuilder(server.resolve("/metrics")));
            Matcher cpu = CPU.matcher(answer.body());
            return answer.status() == OK && cpu.find()
                    ? OptionalDouble.of(Double.parseDouble(cpu.group(1)))
                    : OptionalDouble.empty();
        }
    }
}
