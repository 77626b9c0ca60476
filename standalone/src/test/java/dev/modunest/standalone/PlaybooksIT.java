package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The playbooks of {@code ansible/}, as far as it can be told without machines to run them on. */
class PlaybooksIT {

    private static final Path ANSIBLE = Path.of("../ansible").toAbsolutePath().normalize();
    private static final Pattern DEFAULT = Pattern.compile("(?m)^([a-z0-9_]+):");
    private static final Pattern DOCUMENTED = Pattern.compile("`([a-z0-9_]+)`");

    @Test
    void playbooksAreValidForTheExampleInventory() throws Exception {
        succeeds(
                "ansible-playbook",
                "--inventory",
                "inventory/example/hosts.yml",
                "--syntax-check",
                "site.yml",
                "upgrade.yml");
    }

    @Test
    void yamlIsInTheStyleOfTheHouse() throws Exception {
        succeeds("yamllint", "--strict", ".");
    }

    @Test
    void scriptsOfTheTestHaveNoFindings() throws Exception {
        succeeds("shellcheck", "test/run", "test/hosts");
    }

    @Test
    void everyVariableIsInTheTableOfTheReadme() throws IOException {
        Set<String> documented = new TreeSet<>();
        try (Stream<String> rows = Files.lines(ANSIBLE.resolve("README.md"))) {
            rows.filter(row -> row.startsWith("| `"))
                    .map(row -> row.split("\\|", -1)[1])
                    .forEach(cell -> documented.addAll(names(DOCUMENTED, cell)));
        }

        assertThat(variables()).hasSizeGreaterThan(30).isSubsetOf(documented);
    }

    private static Set<String> variables() throws IOException {
        Set<String> variables = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ANSIBLE)) {
            List<Path> told =
                    files.filter(
                                    file ->
                                            file.endsWith("defaults/main.yml")
                                                    || file.endsWith("group_vars/all/main.yml"))
                            .toList();
            for (Path file : told) {
                variables.addAll(names(DEFAULT, Files.readString(file)));
            }
        }
        // Parameters of a role that others include, and Ansible's own.
        variables.removeIf(name -> name.startsWith("service_") || name.startsWith("ansible_"));
        return variables;
    }

    private static List<String> names(Pattern pattern, String text) {
        return pattern.matcher(text).results().map((MatchResult found) -> found.group(1)).toList();
    }

    private static void succeeds(String... command) throws IOException, InterruptedException {
        boolean installed =
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, command[0])));
        Assumptions.assumeTrue(installed, command[0] + " is not installed");
        Process process =
                new ProcessBuilder(command)
                        .directory(ANSIBLE.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
