package dev.modunest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Compares ranges with npm's own {@code semver} package, where node and the package are present.
 */
class NpmSemverIT {

    private static final int CASES = Integer.getInteger("modunest.semver.cases", 40_000);
    private static final long SEED = Long.getLong("modunest.semver.seed", 20_261_101L);

    /** Older packages give {@code ~1.2} another lower bound with includePrerelease. */
    private static final Version OLDEST = Version.parse("7.8.5");

    private static final int TIMEOUT_SECONDS = 120;
    private static final ObjectMapper JSON = new JsonMapper();
    private static final String SCRIPT =
            """
            const semver = require(process.argv[1]);
            const answer = (range, version, includePrerelease) => {
              try { new semver.Range(range, {includePrerelease}); } catch (e) { return 'invalid'; }
              if (semver.valid(version) === null) return 'invalid';
              return String(semver.satisfies(version, range, {includePrerelease}));
            };
            const lines = require('fs').readFileSync(0, 'utf8').split('\\n').filter(l => l);
            const out = [];
            for (const line of lines) {
              const [range, version] = JSON.parse(line);
              out.push(answer(range, version, false) + ' ' + answer(range, version, true));
            }
            process.stdout.write(out.join('\\n') + '\\n');
            """;

    private record Case(String range, String version) {}

    @TempDir Path directory;

    @Test
    void rangesAnswerAsTheNpmPackageDoes() throws Exception {
        Optional<Path> semver = findPackage();
        assumeTrue(
                semver.isPresent(),
                "node and npm's semver " + OLDEST + " or newer are not both present");
        List<Case> cases = cases();

        List<String> expected = askNode(semver.orElseThrow(), cases);

        List<String> differences = new ArrayList<>();
        int[] counts = new int[3];
        for (int i = 0; i < cases.size(); i++) {
            Case c = cases.get(i);
            String actual = answer(c, false) + " " + answer(c, true);
            counts[actual.startsWith("true") ? 0 : actual.startsWith("false") ? 1 : 2]++;
            if (!actual.equals(expected.get(i))) {
                differences.add(
                        JSON.writeValueAsString(c.range())
                                + " "
                                + JSON.writeValueAsString(c.version())
                                + " npm: "
                                + expected.get(i)
                                + " ours: "
                                + actual);
            }
        }
        assertThat(differences).isEmpty();
        assertThat(java.util.Arrays.stream(counts).boxed().toList())
                .as("true, false, invalid")
                .allMatch(count -> count > CASES / 20);
    }

    private static List<Case> cases() {
        RangeFuzz fuzz = new RangeFuzz(SEED);
        List<Case> cases = new ArrayList<>();
        for (int i = 0; i < CASES; i++) {
            cases.add(new Case(fuzz.range(), fuzz.version()));
        }
        return cases;
    }

    private static String answer(Case c, boolean includePrerelease) {
        Optional<VersionRange> range =
                includePrerelease
                        ? VersionRange.tryParseIncludingPrereleases(c.range())
                        : VersionRange.tryParse(c.range());
        Optional<Version> version = Version.tryParse(c.version());
        if (range.isEmpty() || version.isEmpty()) {
            return "invalid";
        }
        return String.valueOf(
                includePrerelease
                        ? range.get().containsIncludingPrereleases(version.get())
                        : range.get().contains(version.get()));
    }

    private List<String> askNode(Path semver, List<Case> cases) throws Exception {
        Path input = directory.resolve("cases");
        Path output = directory.resolve("answers");
        List<String> lines = new ArrayList<>();
        for (Case c : cases) {
            lines.add(JSON.writeValueAsString(List.of(c.range(), c.version())));
        }
        Files.write(input, lines);
        Process node =
                new ProcessBuilder("node", "-e", SCRIPT, semver.toString())
                        .redirectInput(input.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertThat(node.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).isZero();
        List<String> answers = Files.readAllLines(output);
        assertThat(answers).hasSameSizeAs(cases);
        return answers;
    }

    private static Optional<Path> findPackage() {
        String nodePath = System.getenv().getOrDefault("NODE_PATH", "");
        Stream<Path> fromPath =
                Stream.of(nodePath.split(File.pathSeparator))
                        .filter(entry -> !entry.isEmpty())
                        .map(Path::of);
        Optional<Path> global = run("npm", "root", "-g").map(Path::of);
        return Stream.concat(
                        fromPath,
                        global.stream()
                                .flatMap(root -> Stream.of(root, root.resolve("npm/node_modules"))))
                .map(modules -> modules.resolve("semver"))
                .filter(NpmSemverIT::isRecent)
                .findFirst();
    }

    private static boolean isRecent(Path semver) {
        Path description = semver.resolve("package.json");
        if (!Files.isRegularFile(description)) {
            return false;
        }
        try {
            String version =
                    JSON.readTree(Files.readString(description)).path("version").asText("0.0.0");
            return Version.parse(version).compareTo(OLDEST) >= 0;
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    /** The output of a program; empty when it is not there or fails. */
    private static Optional<String> run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0
                    ? Optional.of(output.strip())
                    : Optional.empty();
        } catch (IOException notInstalled) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
