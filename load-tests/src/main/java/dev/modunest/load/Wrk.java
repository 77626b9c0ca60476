package dev.modunest.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The load tool {@code wrk}, which costs less of the machine than a JVM.
 *
 * @param program name or path
 * @param connections that ask one after the other
 * @param duration of a run
 */
record Wrk(String program, int connections, Duration duration) {

    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final Pattern FAILED = Pattern.compile("(Non-2xx|Socket errors).*");

    /**
     * Requests a second of {@code url}.
     *
     * @throws LoadTestException when any failed
     */
    double requestsPerSecond(String url) {
        String report = run(url);
        Matcher failed = FAILED.matcher(report);
        if (failed.find()) {
            throw new LoadTestException(withoutQuery(url) + ": " + failed.group());
        }
        Matcher rate = RATE.matcher(report);
        if (!rate.find()) {
            throw new LoadTestException(program + " reported no requests: " + report.strip());
        }
        return Double.parseDouble(rate.group(1));
    }

    private String run(String url) {
        try {
            Process process =
                    new ProcessBuilder(
                                    program,
                                    "--threads",
                                    "1",
                                    "--connections",
                                    Integer.toString(connections),
                                    "--duration",
                                    duration.toSeconds() + "s",
                                    url)
                            .redirectErrorStream(true)
                            .start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException missing) {
            throw new LoadTestException(
                    program + " does not start; install it (Debian: apt-get install wrk)");
        }
    }

    /** The query of a presigned URL is a secret of a kind. */
    private static String withoutQuery(String url) {
        return url.replaceFirst("\\?.*", "");
    }
}
