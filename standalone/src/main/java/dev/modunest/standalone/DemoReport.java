package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.settings.ByteSize;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a demo came to.
 *
 * @param hitRatio of all artifact requests to the edge, those of the host included
 * @param load the report of the host process
 * @param answers what the samples were asked and said
 * @param failures every thing that went wrong, a sentence each; empty when all worked
 */
record DemoReport(
        Duration startup,
        Published published,
        EdgeDownloads.Result cold,
        EdgeDownloads.Result warm,
        double hitRatio,
        JsonNode load,
        List<Answer> answers,
        List<String> failures) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_SHOWN = 72;

    /**
     * Releases that are live.
     *
     * @param signed of them by their publishers
     * @param logged entries of the log after the last
     */
    record Published(int count, int signed, long logged, long bytes, Duration took) {
        double perSecond() {
            return count / Math.max(1e-9, took.toNanos() / 1e9);
        }
    }

    record Answer(String plugin, String input, String output) {}

    DemoReport {
        answers = List.copyOf(answers);
        failures = List.copyOf(failures);
    }

    boolean good() {
        return failures.isEmpty();
    }

    String toText() {
        StringBuilder text = new StringBuilder("\nWhat the samples answered\n");
        for (Answer answer : answers) {
            text.append(
                    String.format(
                            Locale.ROOT, "  %-26s %s%n", answer.plugin(), oneLine(answer.input())));
            text.append(
                    String.format(Locale.ROOT, "  %-26s -> %s%n", "", oneLine(answer.output())));
        }
        text.append('\n');
        rows().forEach(
                        row ->
                                text.append(
                                        String.format(
                                                Locale.ROOT,
                                                "  %-18s %s%n",
                                                row.label(),
                                                row.value())));
        failures.forEach(failure -> text.append("\nFAILED: ").append(failure));
        text.append(good() ? "\nEverything worked.\n" : "\n");
        return text.toString();
    }

    private List<Row> rows() {
        JsonNode totals = load.path("totals");
        return List.of(
                new Row("start", startup.toMillis() + " ms"),
                new Row(
                        "published",
                        "%d releases, %d signed, %s, %s/s"
                                .formatted(
                                        published.count(),
                                        published.signed(),
                                        ByteSize.describe(published.bytes()),
                                        rounded(published.perSecond()))),
                new Row("log", published.logged() + " entries"),
                downloads("downloaded, cold", cold),
                downloads("downloaded, warm", warm),
                new Row("edge hit ratio", rounded(100 * hitRatio) + " %"),
                new Row(
                        "loaded",
                        "%d plugins in %s ms"
                                .formatted(
                                        totals.path("loaded").asInt(),
                                        rounded(totals.path("wall_ms").asDouble()))),
                new Row(
                        "slowest",
                        "%s, %s ms"
                                .formatted(
                                        totals.path("slowest").path("plugin").asText("-"),
                                        rounded(totals.path("slowest").path("ms").asDouble()))),
                new Row("failures", Integer.toString(failures.size())));
    }

    private record Row(String label, String value) {}

    private static Row downloads(String label, EdgeDownloads.Result result) {
        return new Row(
                label,
                "%d, %s/s, %s MB/s"
                        .formatted(
                                result.count(),
                                rounded(result.perSecond()),
                                rounded(result.megabytesPerSecond())));
    }

    private static String rounded(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_SHOWN ? line : line.substring(0, MAX_SHOWN - 1) + "…";
    }

    String toJson() throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("ok", good());
        root.put("startup_ms", startup.toMillis());
        root.putObject("published")
                .put("count", published.count())
                .put("signed", published.signed())
                .put("log_entries", published.logged())
                .put("bytes", published.bytes())
                .put("per_s", published.perSecond());
        write(cold, root.putObject("downloaded_cold"));
        write(warm, root.putObject("downloaded_warm"));
        root.put("edge_hit_ratio", hitRatio);
        root.set("loaded", load.path("totals"));
        ArrayNode calls = root.putArray("answers");
        answers.forEach(
                answer ->
                        calls.addObject()
                                .put("plugin", answer.plugin())
                                .put("input", answer.input())
                                .put("output", answer.output()));
        ArrayNode failed = root.putArray("failures");
        failures.forEach(failed::add);
        return JSON.writeValueAsString(root);
    }

    private static void write(EdgeDownloads.Result result, ObjectNode node) {
        node.put("count", result.count())
                .put("bytes", result.bytes())
                .put("hits", result.hits())
                .put("failures", result.failures())
                .put("per_s", result.perSecond())
                .put("mb_per_s", result.megabytesPerSecond());
    }
}
