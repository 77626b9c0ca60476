package dev.modunest.standalone.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Checks by Prometheus's and Alertmanager's own tools, where they are installed. */
class MonitoringIT {

    private static final long MAX_SECONDS = 300;

    @TempDir private Path folder;

    @Test
    void theRulesAreWellFormedAndDoWhatTheirTestsSay() throws Exception {
        run("promtool", "check", "rules", Monitoring.files("prometheus/rules", ".yml"));
        run("promtool", "test", "rules", Monitoring.files("prometheus/tests", ".yml"));
    }

    @Test
    void theConfigurationsOfPrometheusAreWellFormed() throws Exception {
        run(
                "promtool",
                "check",
                "config",
                Stream.of("prometheus.yml", "compose.yml", "long-term.yml")
                        .map(Monitoring.FOLDER.resolve("prometheus")::resolve)
                        .toList());
    }

    @Test
    void theExpressionsOfTheDashboardsAreWellFormed() throws Exception {
        List<Map<String, String>> rules = new ArrayList<>();
        new TreeMap<>(Monitoring.panels())
                .forEach(
                        (panel, expression) ->
                                rules.add(
                                        Map.of(
                                                "record",
                                                "panel:" + rules.size(),
                                                "expr",
                                                expression.replace("$instance", ".*"))));
        Path asRules = folder.resolve("dashboards.yml");
        new ObjectMapper()
                .writeValue(
                        asRules.toFile(),
                        Map.of("groups", List.of(Map.of("name", "panels", "rules", rules))));
        run("promtool", "check", "rules", List.of(asRules));
    }

    @Test
    void theRoutesAreWellFormed() throws Exception {
        run(
                "amtool",
                "check-config",
                "",
                List.of(Monitoring.FOLDER.resolve("alertmanager/alertmanager.yml")));
    }

    private void run(String tool, String command, String of, List<Path> files) throws Exception {
        assumeThat(
                        Stream.of("/usr/bin", "/usr/local/bin")
                                .map(Path::of)
                                .map(place -> place.resolve(tool)))
                .as("%s is installed", tool)
                .anyMatch(Files::isExecutable);
        List<String> line = new ArrayList<>(List.of(tool, command));
        if (!of.isEmpty()) {
            line.add(of);
        }
        files.forEach(file -> line.add(file.toString()));
        Path output = folder.resolve("output");
        Process process =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        assertThat(process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> Monitoring.text(output)).isZero();
    }
}
