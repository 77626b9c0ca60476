package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Manifest;
import dev.modunest.format.http.Problem;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** Archives that are no plugins: each is refused with every problem, and leaves nothing. */
class BadArchiveIT {

    private static final String COORDINATE = "acme/bad@1.0.0";
    private static final String GOOD = TestJars.manifest(COORDINATE);

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    static Stream<Arguments> archives() {
        byte[] library = TestJars.library(COORDINATE);
        return Stream.of(
                Arguments.of("no-bytes", new byte[0], "not-a-zip"),
                Arguments.of("text", "not a jar".getBytes(StandardCharsets.UTF_8), "not-a-zip"),
                Arguments.of(
                        "cut-in-the-middle",
                        Arrays.copyOf(library, library.length / 2),
                        "truncated"),
                Arguments.of(
                        "zip-bomb",
                        TestJars.jar(GOOD, Map.of("bomb.bin", new byte[64 << 20])),
                        "entry-ratio"),
                Arguments.of(
                        "traversal",
                        TestJars.jar(GOOD, Map.of("../../etc/passwd", new byte[1])),
                        "path-traversal"),
                Arguments.of(
                        "absolute-path",
                        TestJars.jar(GOOD, Map.of("/etc/passwd", new byte[1])),
                        "absolute-path"),
                Arguments.of(
                        "duplicate-entry",
                        TestJars.replaced(
                                TestJars.jar(
                                        GOOD,
                                        Map.of(
                                                "twin-a.txt",
                                                new byte[1],
                                                "twin-b.txt",
                                                new byte[1])),
                                "twin-b.txt",
                                "twin-a.txt"),
                        "duplicate-entry"),
                Arguments.of(
                        "no-manifest",
                        TestJars.zip(Map.of("a.txt", new byte[1])),
                        "manifest-missing"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("archives")
    void refusesTheArchive(String name, byte[] jar, String code) {
        assertRefused(registry.publish(COORDINATE, jar), code);
    }

    static Stream<Arguments> manifests() {
        return Stream.of(
                Arguments.of("not JSON", "{", "manifest-not-json"),
                Arguments.of("an array", "[]", "manifest-not-json"),
                Arguments.of("empty object", "{}", "field-missing"),
                Arguments.of(
                        "no manifest_version",
                        GOOD.replace("\"manifest_version\": 1, ", ""),
                        "field-missing"),
                Arguments.of(
                        "manifest_version of the future",
                        GOOD.replace("\"manifest_version\": 1", "\"manifest_version\": 9"),
                        "field-value"),
                Arguments.of(
                        "namespace in capitals",
                        GOOD.replace("\"acme\"", "\"ACME\""),
                        "field-value"),
                Arguments.of("name of a number", GOOD.replace("\"bad\"", "7"), "field-type"),
                Arguments.of(
                        "version of two parts",
                        GOOD.replace("\"1.0.0\"", "\"1.0\""),
                        "field-value"),
                Arguments.of(
                        "plugin without entry point",
                        GOOD.replace("\"library\"", "\"plugin\""),
                        "field-missing"),
                Arguments.of(
                        "entry point that is not in the jar",
                        GOOD.replace("\"kind\": \"library\"", "\"entry_point\": \"acme.Missing\""),
                        "entry-point-not-found"),
                Arguments.of(
                        "range that is none",
                        TestJars.manifest(COORDINATE, "acme/x >X<"),
                        "field-value"),
                Arguments.of(
                        "requires itself",
                        TestJars.manifest(COORDINATE, "acme/bad *"),
                        "self-requirement"),
                Arguments.of(
                        "export of a package that is not there",
                        GOOD.replaceFirst("\\{", "{\"exports\": [\"acme.api\"], "),
                        "export-not-found"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("manifests")
    void refusesTheManifest(String name, String manifest, String code) {
        assertRefused(registry.publish(COORDINATE, TestJars.jar(manifest, Map.of())), code);
    }

    private static void assertRefused(HttpResponse<byte[]> response, String code) {
        Problem problem =
                TestRegistry.assertProblem(
                        response, 422, "archive-refused", "errors lists each with its fix");
        assertThat(problem.errors()).extracting(Problem.Fault::code).contains(code);
        assertThat(problem.errors()).allMatch(fault -> !fault.fix().isEmpty());
        registry.assertNothingLeft();
    }

    @Test
    void listsEveryProblemAtOnce() {
        byte[] jar =
                TestJars.zip(
                        Map.of(
                                "../up",
                                new byte[1],
                                Manifest.PATH,
                                "{\"namespace\": 1}".getBytes(StandardCharsets.UTF_8)));

        Problem problem = TestRegistry.problem(registry.publish(COORDINATE, jar));

        assertThat(problem.errors())
                .extracting(Problem.Fault::code)
                .contains("path-traversal", "field-type", "field-missing");
    }
}
