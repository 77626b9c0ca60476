package dev.modunest.loader.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.modunest.loader.resolve.Installation;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.FakeRegistry.Fault;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The commands as another command line mounts them. */
class LoaderCommandIT {

    private static final String SHOUT =
            """
            java.util.function.UnaryOperator<String> shout = text -> text.toUpperCase() + "!";
            context.provide(java.util.function.UnaryOperator.class, shout);
            """;

    @TempDir private Path temp;
    private Path folder;
    private FakeRegistry registry;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private final TestPlugin shout = TestPlugin.of("a/shout@1.0.0").requires("a/base", "^1");
    private final TestPlugin base = TestPlugin.of("a/base@1.0.0");

    @Command(
            name = "host",
            subcommands = {InstallCommand.class, LoadCommand.class})
    private static final class HostCommand {}

    @BeforeEach
    void open() throws IOException {
        folder = temp.resolve("plugins");
        registry = new FakeRegistry(base, shout.startingUnrecorded(SHOUT));
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = new CommandLine(new HostCommand());
        CommandFaults.handleOn(commandLine);
        return commandLine
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    private int install(String... coordinates) {
        List<String> arguments = new ArrayList<>(List.of("install"));
        arguments.addAll(Arrays.asList(coordinates));
        arguments.addAll(
                List.of("--into", folder.toString(), "--registry", registry.uri().toString()));
        return run(arguments.toArray(String[]::new));
    }

    private String lock() throws IOException {
        return Files.readString(folder.resolve(Installation.LOCK_FILE));
    }

    @Test
    void installsThenLoadsWithoutTheRegistry() throws Exception {
        assertThat(install("a/shout@^1")).isZero();
        assertThat(out.toString())
                .contains("a/base@1.0.0  sha256:")
                .contains("a/shout@1.0.0")
                .contains("load " + folder);
        assertThat(Installation.read(folder).registry()).contains(registry.uri());
        registry.close();
        assertThat(run("load", folder.toString(), "--call", "a/shout=hello")).isZero();
        assertThat(out.toString())
                .contains("PLUGIN", "FETCH ms", "a/shout@1.0.0  loaded")
                .contains("2 plugins: 2 loaded, 0 failed, 0 skipped")
                .contains("slowest: ")
                .contains("a/shout answered: HELLO!");
    }

    @Test
    void installsBesideWhatIsThere() throws Exception {
        TestPlugin other = TestPlugin.of("b/other@1.0.0");
        registry.add(other);
        assertThat(install("a/shout@^1")).isZero();
        registry.add(TestPlugin.of("a/base@1.1.0"));
        assertThat(install("b/other")).isZero();
        assertThat(Installation.read(folder).requirements())
                .extracting(Object::toString)
                .containsExactly("a/shout@^1", "b/other@*");
        assertThat(lock()).contains("a/base@1.0.0").doesNotContain("a/base@1.1.0");
    }

    @Test
    void updatesOnlyWhenAsked() throws Exception {
        assertThat(install("a/shout@^1")).isZero();
        registry.add(TestPlugin.of("a/base@1.1.0"));

        assertThat(install()).isZero();
        assertThat(lock()).contains("a/base@1.0.0").doesNotContain("a/base@1.1.0");
        assertThat(install("--update")).isZero();
        assertThat(lock()).contains("a/base@1.1.0").doesNotContain("a/base@1.0.0");
    }

    @Test
    void aFrozenInstallationBringsTheLockOrFails() throws Exception {
        assertThat(install("--frozen")).isEqualTo(1);
        assertThat(err.toString()).contains("no-lock");
        assertThat(install()).isEqualTo(1);
        assertThat(err.toString()).contains("nothing-to-install");
        assertThat(install("a/shout@^1")).isZero();
        String lock = lock();
        registry.add(TestPlugin.of("a/base@1.1.0"));

        assertThat(install("--frozen")).isZero();
        assertThat(lock()).isEqualTo(lock);
        assertThat(install("--frozen", "a/base")).isEqualTo(2);

        Path wanted = folder.resolve(Installation.REQUIREMENTS_FILE);
        Files.writeString(wanted, Files.readString(wanted).replace("a/shout@^1", "a/shout@^2"));
        assertThat(install("--frozen")).isEqualTo(1);
        assertThat(err.toString()).contains("lock-outdated").contains("locked is 1.0.0");
    }

    private int requestsForPlugins() {
        return (int) registry.requests().stream().filter(line -> !line.contains("/tuf/")).count();
    }

    @Test
    void solvesFromTheIndexThatItHasKept() throws Exception {
        assertThat(install("a/shout@^1", "--solve-locally")).isZero();
        assertThat(registry.requests()).noneMatch(line -> line.contains("resolve"));
        int asked = requestsForPlugins();

        assertThat(install("--offline", "--update")).isZero();
        assertThat(install("--offline", "--frozen")).isZero();
        assertThat(requestsForPlugins()).isEqualTo(asked);
        assertThat(install("b/never-seen", "--offline")).isEqualTo(1);
        assertThat(err.toString()).contains("resolution-conflict", "b/never-seen");
    }

    @Test
    void solvesByItselfWhenTheRegistryCannot() throws Exception {
        Fault away = new Fault.Status(503);
        registry.fail("/api/v1/resolve", away, away, away, away);

        assertThat(install("a/shout@^1")).isZero();
        assertThat(lock()).contains("a/base@1.0.0");
        assertThat(registry.requests()).contains("GET /index/a/shout");
    }

    @Test
    void aFailedInstallationLeavesTheFormerOne() throws Exception {
        assertThat(install("a/base")).isZero();
        String lock = lock();
        String wanted = Files.readString(folder.resolve(Installation.REQUIREMENTS_FILE));
        registry.fail(shout, new Fault.Status(404));
        assertThat(install("a/shout")).isEqualTo(1);
        assertThat(err.toString())
                .contains("install-failed: nothing was changed: 1 of 2")
                .contains("a/shout@1.0.0: ");
        assertThat(install("a/none")).isEqualTo(1);
        assertThat(err.toString()).contains("resolution-conflict").contains("a/none");
        assertThat(lock()).isEqualTo(lock);
        assertThat(Files.readString(folder.resolve(Installation.REQUIREMENTS_FILE)))
                .isEqualTo(wanted);
    }

    @Test
    void restoresTheLockWhenTheSecondFileCannotBeWritten() throws Exception {
        Files.createDirectories(folder.resolve(Installation.REQUIREMENTS_FILE + ".new/x"));
        assertThat(install("a/base")).isEqualTo(1);
        assertThat(err.toString()).contains("folder-unwritable");
        assertThat(folder.resolve(Installation.LOCK_FILE)).doesNotExist();
    }

    @Test
    void reportsAsJson() throws Exception {
        registry.add(
                TestPlugin.of("a/bad@1.0.0").startingUnrecorded("throw new Exception(\"no\");"),
                TestPlugin.of("a/child@1.0.0").requires("a/bad", "*"));
        Path wanted =
                Files.writeString(temp.resolve("wanted.json"), "[\"a/child\", \"a/shout@1\"]");
        int exit =
                run(
                        "load",
                        folder.toString(),
                        "--registry",
                        registry.uri().toString(),
                        "--requirements",
                        wanted.toString(),
                        "--host-version",
                        "1.0.0",
                        "--json",
                        "--call",
                        "a/shout=a=b",
                        "--call",
                        "a/child=x",
                        "--call",
                        "a/base=x");
        assertThat(exit).isEqualTo(1);
        assertThat(err.toString()).startsWith("Unverified: ").hasLineCount(1);
        JsonNode json = new JsonMapper().readTree(out.toString());
        assertThat(json.at("/totals/plugins").asInt()).isEqualTo(4);
        assertThat(json.at("/totals/loaded").asInt()).isEqualTo(2);
        assertThat(json.at("/totals/bytes").asLong()).isPositive();
        assertThat(json.at("/totals/slowest/plugin").asText()).isNotEmpty();
        assertThat(json.at("/calls/0/output").asText()).isEqualTo("A=B!");
        assertThat(json.at("/calls/1/error").asText()).isEqualTo("it does not run");
        assertThat(json.at("/calls/2/error").asText()).contains("offers no");
        for (JsonNode plugin : json.path("plugins")) {
            switch (plugin.path("plugin").asText()) {
                case "a/bad" -> {
                    assertThat(plugin.path("outcome").asText()).isEqualTo("failed");
                    assertThat(plugin.path("stage").asText()).isEqualTo("start");
                    assertThat(plugin.path("code").asText()).isEqualTo("start-failed");
                    assertThat(plugin.at("/causes/0").asText()).contains("Exception: no");
                }
                case "a/child" ->
                        assertThat(plugin.at("/chain/0").asText()).isEqualTo("a/bad@1.0.0");
                default -> assertThat(plugin.path("start_ms").isNumber()).isTrue();
            }
        }
    }

    @Test
    void reportsFailuresToPeople() {
        registry.add(
                TestPlugin.of("a/bad@1.0.0").startingUnrecorded("throw new Exception(\"no\");"),
                TestPlugin.of("a/child@1.0.0").requires("a/bad", "*"),
                TestPlugin.of("a/sulks@1.0.0")
                        .startingUnrecorded(
                                """
                                java.util.function.UnaryOperator<String> no = text -> {
                                    throw new IllegalStateException("not today");
                                };
                                context.provide(java.util.function.UnaryOperator.class, no);
                                """));
        int exit =
                run(
                        "load",
                        folder.toString(),
                        "--registry=" + registry.uri(),
                        "--require=a/child",
                        "--require=a/sulks@^1",
                        "--budget=1",
                        "--call=a/sulks=x");
        assertThat(exit).isEqualTo(1);
        assertThat(out.toString())
                .contains("a/bad@1.0.0    FAILED   in start, start-failed: its start threw")
                .contains("    caused by java.lang.Exception: no (at ")
                .contains("a/child@1.0.0  skipped  because a/bad@1.0.0 failed")
                .contains("a/sulks gave no answer: java.lang.IllegalStateException: not today");
    }

    @Test
    void givesUpOnACallThatDoesNotReturn() {
        registry.add(
                TestPlugin.of("a/slow@1.0.0")
                        .startingUnrecorded(
                                """
                                java.util.concurrent.CountDownLatch never =
                                        new java.util.concurrent.CountDownLatch(1);
                                java.util.function.UnaryOperator<String> slow = text -> {
                                    try {
                                        never.await();
                                    } catch (InterruptedException end) {
                                        return "interrupted";
                                    }
                                    return text;
                                };
                                context.provide(java.util.function.UnaryOperator.class, slow);
                                """));
        int exit =
                run(
                        "load",
                        folder.toString(),
                        "--registry=" + registry.uri(),
                        "--require=a/slow",
                        "--deadline=1",
                        "--call=a/slow=x");
        assertThat(exit).isEqualTo(1);
        assertThat(out.toString()).contains("a/slow gave no answer: none within 1 s");
    }

    @Test
    void saysWhatToTypeAfterAMistake() throws Exception {
        Files.createDirectories(folder);
        assertUsage("There is no folder", "load", temp.resolve("absent").toString());
        assertUsage("'x' is not a call", "load", folder.toString(), "--call", "x");
        assertUsage("permits is 0", "load", folder.toString(), "--budget", "0");
        assertUsage("is not a version", "load", folder.toString(), "--host-version", "x");
        assertUsage("Missing required parameter", "load");
        assertUsage("--into", "install", "a/x");
        assertUsage("not a plugin id", "install", "x", "--into", folder.toString());
        assertUsage("not a version range", "load", folder.toString(), "--require", "a/x@!");
        assertThat(run("load", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).startsWith("nothing-to-load: ");
    }

    private void assertUsage(String message, String... arguments) {
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(err.toString())
                .contains(message)
                .contains("Type 'host " + arguments[0] + " --help' to see what it takes.");
    }

    @Test
    void namesAFolderThatCannotBeMade() throws Exception {
        Files.createFile(folder);
        assertThat(install("a/base")).isEqualTo(1);
        assertThat(err.toString()).contains("folder-unwritable");
    }

    @Test
    void teachesByItsHelp() {
        assertThat(LoaderCommand.run(new String[0])).isZero();
        assertThat(run("load", "--help")).isZero();
        assertThat(out.toString()).contains("Examples:", "--call", "Exit codes: 0 all loaded");
    }
}
