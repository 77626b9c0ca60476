package dev.modunest.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names, types and labels of metrics, as docs/operations/metrics.md has them or a process does. */
public record MetricsTable(Map<String, Metric> metrics) {

    /** The labels of a metric without series are not known when it is read from a process. */
    public record Metric(String type, Set<String> labels) {}

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+)(?:\\{(.*)\\})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Set<String> OF_FORMAT = Set.of("le", "quantile");

    /** The tables below these headings of the document. */
    public static MetricsTable documented(Path document, String... headings) {
        Map<String, Metric> found = new TreeMap<>();
        String heading = "";
        for (String line : lines(document)) {
            if (line.startsWith("## ")) {
                heading = line.substring(3);
            } else if (line.startsWith("| `") && Arrays.asList(headings).contains(heading)) {
                List<String> cells =
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
                found.put(
                        cells.get(1).replace("`", ""),
                        new Metric(cells.get(2), names(cells.get(3))));
            }
        }
        return new MetricsTable(found);
    }

    private static List<String> lines(Path document) {
        try {
            return Files.readAllLines(document);
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static Set<String> names(String cell) {
        Set<String> names = new TreeSet<>(Arrays.asList(cell.split(",\\s*", -1)));
        names.remove("");
        return names;
    }

    /** What a scrape in the Prometheus text format 0.0.4 tells. */
    public static MetricsTable exposed(String scrape) {
        Map<String, Metric> found = new TreeMap<>();
        String current = "";
        for (String line : scrape.split("\n", -1)) {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                current = type.group(1);
                found.put(current, new Metric(type.group(2), new TreeSet<>()));
            } else if (sample.matches() && sample.group(2) != null) {
                Metric metric =
                        Objects.requireNonNull(found.get(current), "a sample before any type");
                Matcher label = LABEL.matcher(sample.group(2));
                while (label.find()) {
                    if (!OF_FORMAT.contains(label.group(1))) {
                        metric.labels().add(label.group(1));
                    }
                }
            }
        }
        // When a counter began: the text format has it as a gauge of its own.
        found.keySet().removeIf(name -> name.endsWith("_created"));
        return new MetricsTable(found);
    }

    /** What is exposed otherwise than this table has it, one sentence each. */
    public List<String> differences(MetricsTable exposed) {
        Set<String> all = new TreeSet<>(metrics.keySet());
        all.addAll(exposed.metrics.keySet());
        return all.stream().flatMap(name -> difference(name, exposed).stream()).toList();
    }

    private List<String> difference(String name, MetricsTable exposed) {
        Metric here = metrics.get(name);
        Metric there = exposed.metrics.get(name);
        if (here == null) {
            return List.of(name + " is exposed and not in the table");
        }
        if (there == null) {
            return List.of(name + " is in the table and not exposed");
        }
        Set<String> unknown = new HashSet<>(there.labels());
        unknown.removeAll(here.labels());
        boolean labelsDiffer =
                !unknown.isEmpty()
                        || (!there.labels().isEmpty() && !there.labels().equals(here.labels()));
        return here.type().equals(there.type()) && !labelsDiffer
                ? List.of()
                : List.of(name + " is " + here + " in the table and exposed as " + there);
    }
}
