package dev.modunest.standalone.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

class MonitoringTest {

    /** Of Prometheus itself, and of the exporters of hosts and Postgres. */
    private static final Pattern OF_OTHERS = Pattern.compile("up|ALERTS|node_.*|pg_stat_.*");

    /**
     * What Prometheus adds; {@code exported_job} where a metric has a label {@code job} of its own.
     */
    private static final Set<String> ADDED = Set.of("job", "instance", "exported_job", "le");

    @Test
    void everyMetricThatIsNamedIsExposed() {
        Set<String> recorded =
                Monitoring.rules().stream()
                        .filter(rule -> !rule.alerts())
                        .map(Monitoring.Rule::name)
                        .collect(Collectors.toSet());
        Map<String, Set<String>> series = Monitoring.series();
        assertThat(expressions())
                .isNotEmpty()
                .allSatisfy(
                        (where, expression) ->
                                assertThat(PromQl.metrics(expression))
                                        .isNotEmpty()
                                        .allMatch(
                                                name ->
                                                        series.containsKey(name)
                                                                || recorded.contains(name)
                                                                || OF_OTHERS
                                                                        .matcher(name)
                                                                        .matches()));
    }

    @Test
    void everyLabelThatIsMatchedIsOneOfItsMetric() {
        Map<String, Set<String>> series = Monitoring.series();
        List<String> unknown = new ArrayList<>();
        expressions()
                .forEach(
                        (where, expression) -> {
                            for (String pair : PromQl.matchers(expression)) {
                                String[] parts = pair.split(" ", 2);
                                Set<String> labels = series.get(parts[0]);
                                if (labels != null
                                        && !labels.contains(parts[1])
                                        && !ADDED.contains(parts[1])) {
                                    unknown.add(where + ": " + pair);
                                }
                            }
                        });
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyAlertHasASeverityASummaryAndARunbookThatNamesIt() {
        assertThat(alerts())
                .isNotEmpty()
                .allSatisfy(
                        alert -> {
                            assertThat(alert.node().at("/labels/severity").asText())
                                    .isIn("critical", "warning", "escalated", "none");
                            assertThat(alert.node().at("/annotations/summary").asText())
                                    .isNotEmpty();
                            assertThat(Monitoring.text(runbook(alert))).contains(alert.name());
                        });
    }

    @Test
    void everyRunbookIsThatOfAnAlertAndSaysWhatToDoAndHowToConfirmIt() throws Exception {
        Set<Path> named =
                alerts().stream().map(MonitoringTest::runbook).collect(Collectors.toSet());
        try (var runbooks = Files.list(Monitoring.RUNBOOKS)) {
            assertThat(runbooks)
                    .isNotEmpty()
                    .allSatisfy(
                            runbook -> {
                                assertThat(named).contains(runbook);
                                assertThat(Monitoring.text(runbook))
                                        .contains(
                                                "\n## What it means\n",
                                                "\n## See\n",
                                                "\n## Do\n",
                                                "\n## Confirm\n");
                            });
        }
    }

    @Test
    void everyAlertThatARouteNamesExists() {
        Set<String> names =
                alerts().stream().map(Monitoring.Rule::name).collect(Collectors.toSet());
        Matcher matcher =
                Pattern.compile("alertname=~?\"([^\"]*)\"")
                        .matcher(
                                Monitoring.text(
                                        Monitoring.FOLDER.resolve(
                                                "alertmanager/alertmanager.yml")));
        List<String> routed = new ArrayList<>();
        while (matcher.find()) {
            routed.addAll(List.of(matcher.group(1).split("\\|", -1)));
        }
        assertThat(routed).isNotEmpty().allMatch(names::contains);
    }

    @Test
    void everySourceOfLogsGivesTheLinesThatTheCollectorReads() {
        JsonNode collector = Monitoring.yaml(Monitoring.FOLDER.resolve("logs/vector/vector.yaml"));
        assertThat(collector.at("/transforms/fields/inputs/0").asText()).isEqualTo("lines");
        assertThat(Monitoring.files("logs/sources", ".yaml"))
                .hasSize(3)
                .allSatisfy(
                        file ->
                                assertThat(
                                                Monitoring.yaml(file)
                                                        .at("/transforms/lines/source")
                                                        .asText())
                                        .contains(".process = "));
    }

    @Test
    void metricsAreFoundInAnExpression() {
        assertThat(
                        PromQl.metrics(
                                "histogram_quantile(0.9, sum by (route, le) (rate(a_bucket{x=\"b\"}[5m]))) > 2 and on () (a:b offset 1w)"))
                .containsExactly("a:b", "a_bucket");
    }

    private static List<Monitoring.Rule> alerts() {
        return Monitoring.rules().stream().filter(Monitoring.Rule::alerts).toList();
    }

    private static Map<String, String> expressions() {
        Map<String, String> expressions = new TreeMap<>(Monitoring.panels());
        Monitoring.rules().forEach(rule -> expressions.put(rule.name(), rule.expression()));
        expressions.remove("Watchdog");
        return expressions;
    }

    private static Path runbook(Monitoring.Rule alert) {
        return Monitoring.ROOT.resolve(alert.node().at("/annotations/runbook_url").asText());
    }
}
