package dev.modunest.standalone.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of {@code monitoring/} and the table of metrics, as the checks read them. */
final class Monitoring {

    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    static final Path FOLDER = ROOT.resolve("monitoring");
    static final Path RUNBOOKS = ROOT.resolve("docs/operations/runbooks");

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern ROW =
            Pattern.compile(
                    "^\\| `([a-z0-9_]+)` \\| (counter|gauge|histogram|summary) \\| ([^|]*)\\|",
                    Pattern.MULTILINE);

    private Monitoring() {}

    /** An alert or a recorded series. */
    record Rule(String name, String expression, JsonNode node) {
        boolean alerts() {
            return node.has("alert");
        }
    }

    static List<Path> files(String folder, String suffix) {
        try (Stream<Path> files = Files.walk(FOLDER.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static JsonNode yaml(Path file) {
        return read(YAML, file);
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static List<Rule> rules() {
        List<Rule> rules = new ArrayList<>();
        for (Path file : files("prometheus/rules", ".yml")) {
            for (JsonNode group : yaml(file).path("groups")) {
                for (JsonNode rule : group.path("rules")) {
                    String name = rule.path("alert").asText(rule.path("record").asText());
                    rules.add(new Rule(name, rule.path("expr").asText(), rule));
                }
            }
        }
        return rules;
    }

    /** Expressions by dashboard and panel. */
    static Map<String, String> panels() {
        Map<String, String> expressions = new HashMap<>();
        for (Path file : files("grafana/dashboards", ".json")) {
            JsonNode dashboard = read(JSON, file);
            for (JsonNode panel : dashboard.path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    expressions.put(
                            file.getFileName()
                                    + ": "
                                    + panel.path("title").asText()
                                    + " "
                                    + target.path("refId").asText(),
                            target.path("expr").asText());
                }
            }
        }
        return expressions;
    }

    /** Labels by series, as docs/operations/metrics.md has them. */
    static Map<String, Set<String>> series() {
        Map<String, Set<String>> series = new HashMap<>();
        Matcher row = ROW.matcher(text(ROOT.resolve("docs/operations/metrics.md")));
        while (row.find()) {
            Set<String> labels = Set.of(row.group(3).strip().split(", *"));
            switch (row.group(2)) {
                case "histogram" -> {
                    series.put(row.group(1) + "_bucket", labels);
                    series.put(row.group(1) + "_sum", labels);
                    series.put(row.group(1) + "_count", labels);
                }
                case "summary" -> {
                    series.put(row.group(1) + "_sum", labels);
                    series.put(row.group(1) + "_count", labels);
                }
                default -> series.put(row.group(1), labels);
            }
        }
        return series;
    }

    private static JsonNode read(ObjectMapper mapper, Path file) {
        try {
            return mapper.readTree(file.toFile());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
