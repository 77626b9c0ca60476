package dev.modunest.loader.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.loader.HostCredentials;
import dev.modunest.loader.HostKey;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The main class in a JVM of its own. */
class LoaderMainIT {

    @TempDir private Path folder;

    private static Process start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-javaagent")) // measures coverage
                .forEach(command::add);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), LoaderMain.class.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String end(Process process) throws IOException, InterruptedException {
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return text;
    }

    @Test
    void runsOnJvmsThatCannotRunTheEngine() throws IOException {
        try (InputStream main = LoaderMain.class.getResourceAsStream("LoaderMain.class")) {
            assertThat(main).isNotNull();
            byte[] header = main.readNBytes(8);
            assertThat(header[7]).as("class file version of Java 11").isEqualTo((byte) 55);
        }
    }

    @Test
    void loadsAFolderOfJars() throws Exception {
        TestPlugin.of("a/lib@1.0.0").writeTo(folder);
        Process process = start("load", folder.toString());
        assertThat(end(process)).contains("1 plugins: 1 loaded");
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void staysUntilItIsToldToStop() throws Exception {
        TestPlugin.of("a/x@1.0.0")
                .source(
                        "p.Entry",
                        """
                        package p;
                        public class Entry implements dev.modunest.loader.Plugin {
                            public void start(dev.modunest.loader.PluginContext context) {}
                            public void stop() { System.out.println("x stops"); }
                        }
                        """)
                .entryPoint("p.Entry")
                .writeTo(folder);
        Process process = start("load", folder.toString(), "--keep");
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (line.contains("Ctrl-C stops them")) {
                    process.toHandle().destroy(); // a signal; Process.destroy closes the pipe, too
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(lines).contains("x stops", "Stopped 1 plugins.");
    }

    @Test
    void aHostThatStaysTakesCommands() throws Exception {
        TestPlugin.of("a/base@1.0.0").startingUnrecorded("").writeTo(folder);
        TestPlugin.of("a/user@1.0.0")
                .requires("a/base", "^1")
                .startingUnrecorded("")
                .writeTo(folder);
        Process process =
                start(
                        "load",
                        folder.toString(),
                        "--keep",
                        "--timeline",
                        folder.resolve("load.html").toString());
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = reader.readLine();
            while (line != null && !line.contains("Ctrl-C stops them")) {
                line = reader.readLine();
            }
            String where = folder.toString();
            assertThat(command(0, "list", where)).contains("a/base@1.0.0", "a/user@1.0.0");
            assertThat(command(0, "why", where, "a/base"))
                    .contains("a/user@1.0.0 requires a/base@^1", "a/base@1.0.0 was chosen");
            assertThat(command(0, "why", where, "a/none")).contains("neither required nor loaded");
            assertThat(command(0, "list", where, "--json"))
                    .contains("\"plugin\":\"a/base\"", "\"leases\":0");
            assertThat(command(0, "why", where, "a/base", "--json"))
                    .contains("\"by\":\"a/user@1.0.0\"", "\"outcome\":\"loaded\"");
            assertThat(command(0, "doctor", where, "--json"))
                    .contains("\"well\":true", "a host runs here");
            assertThat(command(0, "reload", where, "a/base"))
                    .contains("2 plugins stopped, 2 start");
            assertThat(command(0, "reload", where, "a/user", "--json"))
                    .contains("\"done\":true", "\"started\":[\"a/user@1.0.0\"]");
            assertThat(command(0, "unload", where, "a/user"))
                    .contains("a/user@1.0.0: its classes are gone");
            assertThat(command(0, "unload", where, "a/base", "--json"))
                    .contains("\"plugin\":\"a/base@1.0.0\",\"collected\":true");
            assertThat(command(1, "reload", where, "a/user")).contains("does not run here");
            assertThat(command(1, "rollback", where)).contains("no generation before");
            assertThat(command(0, "doctor", where))
                    .contains("a host runs here", "there is no lock");
        } finally {
            process.destroy();
            process.waitFor(30, TimeUnit.SECONDS);
            process.destroyForcibly();
        }
        assertThat(folder.resolve("load.html")).content().contains("2 plugins in");
    }

    private static String command(int exitCode, String... arguments) throws IOException {
        picocli.CommandLine commands = LoaderCommand.create();
        java.io.StringWriter out = new java.io.StringWriter();
        commands.setOut(new java.io.PrintWriter(out));
        commands.setErr(new java.io.PrintWriter(out));
        int code = commands.execute(arguments);
        assertThat(code).as(out.toString()).isEqualTo(exitCode);
        return out.toString();
    }

    @Test
    void trainsACacheThatAJvmCanUse() throws Exception {
        TestPlugin.of("a/x@1.0.0").startingUnrecorded("").writeTo(folder);
        Path cache = folder.resolve("host.aot");
        runJar(0, "load", folder.toString(), "--train", cache.toString());
        assertThat(cache).isNotEmptyFile();
    }

    @Test
    void theAllInOneJarRunsAlone() throws Exception {
        assertThat(runJar(0, "--help")).contains("Usage: modunest-loader").contains("First steps:");
    }

    /** It is cut down to the classes that are reachable, which must not be too few. */
    @Test
    void theAllInOneJarLoadsAndReports() throws Exception {
        TestPlugin.of("a/lib@1.0.0").writeTo(folder);
        TestPlugin.of("a/x@1.0.0")
                .startingUnrecorded(
                        """
                        java.util.function.UnaryOperator<String> shout = String::toUpperCase;
                        context.provide(java.util.function.UnaryOperator.class, shout);
                        """)
                .writeTo(folder);
        assertThat(runJar(0, "load", folder.toString(), "--call", "a/x=hello", "--json"))
                .contains("\"output\":\"HELLO\"")
                .contains("\"loaded\":2");
        HostCredentials host =
                new HostCredentials(
                        "00000000-0000-4000-8000-000000000001",
                        "build-7",
                        URI.create("https://registry.example"),
                        Set.of(),
                        HostKey.generate());
        host.store(folder);
        assertThat(runJar(0, "host", "show", "--home", folder.toString())).contains("build-7");
        try (FakeRegistry registry = new FakeRegistry()) {
            assertThat(
                            runJar(
                                    1,
                                    "install",
                                    "a/none",
                                    "--into",
                                    folder.toString(),
                                    "--registry",
                                    registry.uri().toString()))
                    .contains("resolution-conflict: No set of releases satisfies all ranges.");
        }
    }

    private static String runJar(int exitCode, String... arguments)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-jar",
                                allInOneJar().toString()));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = end(process);
        assertThat(process.exitValue()).as(text).isEqualTo(exitCode);
        return text;
    }

    private static Path allInOneJar() throws IOException {
        try (var jars = Files.newDirectoryStream(Path.of("target"), "loader-engine-*-all.jar")) {
            return jars.iterator().next();
        }
    }
}
