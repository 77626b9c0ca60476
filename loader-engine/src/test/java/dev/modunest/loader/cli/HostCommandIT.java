package dev.modunest.loader.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.loader.HostCredentials;
import dev.modunest.loader.testing.FakeIssuer;
import dev.modunest.loader.testing.FakeRegistry;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class HostCommandIT {

    @TempDir private Path temp;
    private Path home;
    private FakeIssuer issuer;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Command(
            name = "test",
            subcommands = {HostCommand.class, InstallCommand.class, LoadCommand.class})
    private static final class TestCommand {}

    @BeforeEach
    void open() throws IOException {
        home = temp.resolve("home");
        issuer = new FakeIssuer(InstantSource.system());
    }

    @AfterEach
    void close() {
        issuer.close();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commandLine = new CommandLine(new TestCommand());
        CommandFaults.handleOn(commandLine);
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        if (all.size() > 1) {
            all.addAll(List.of("--home", home.toString()));
        }
        return commandLine
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    private int enrol(String code, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "host",
                                "enrol",
                                "--registry",
                                issuer.uri().toString(),
                                "--code",
                                code));
        arguments.addAll(Arrays.asList(more));
        return run(arguments.toArray(String[]::new));
    }

    @Test
    void enrolsAndShowsTheHost() {
        assertThat(enrol(issuer.newCode(), "--name", "build-7", "--edge", "http://edge:8081"))
                .as(err.toString())
                .isZero();
        HostCredentials host = HostCredentials.in(home);
        assertThat(host.issuer()).isEqualTo(issuer.uri());
        assertThat(out.toString()).startsWith("Enrolled at " + issuer.uri());
        assertThat(run("host", "show")).isZero();
        assertThat(out.toString())
                .contains(host.host())
                .contains("build-7")
                .contains("told to     http://edge:8081")
                .contains("told to     " + issuer.uri())
                .contains(home.toString())
                .doesNotContain("PRIVATE");
    }

    @Test
    void namesTheHostByItself() {
        assertThat(enrol(issuer.newCode())).isZero();
        assertThat(HostCredentials.in(home).name()).isNotBlank();
    }

    @Test
    void keepsCredentialsUnlessToldToReplaceThem() {
        enrol(issuer.newCode());
        String first = HostCredentials.in(home).host();
        assertThat(enrol(issuer.newCode())).isEqualTo(1);
        assertThat(err.toString()).startsWith("host-already-enrolled: ").contains("--replace");
        assertThat(HostCredentials.in(home).host()).isEqualTo(first);
        assertThat(enrol(issuer.newCode(), "--replace")).isZero();
        assertThat(HostCredentials.in(home).host()).isNotEqualTo(first);
    }

    @Test
    void leavesNothingWhenItIsRefused() throws IOException {
        String used = issuer.newCode();
        enrol(used);
        home = temp.resolve("second");
        assertThat(enrol(used)).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("enrolment-code-unusable: The code is used, expired or unknown.");
        assertThat(home).isEmptyDirectory();
        assertThat(run("host", "show")).isEqualTo(1);
        assertThat(err.toString()).startsWith("host-not-enrolled: ");
    }

    @Test
    void refusesWhatIsNoCodeWithoutRepeatingIt() {
        assertThat(enrol("mnt_secret")).isEqualTo(2);
        assertThat(err.toString()).contains("no enrolment code").doesNotContain("mnt_secret");
        assertThat(enrol(issuer.newCode(), "--name", " ")).isEqualTo(2);
        assertThat(run("host")).isEqualTo(2);
        assertThat(err.toString()).contains("enrol or show");
    }

    @Test
    void saysWhenTheRegistryIsNone() throws IOException {
        try (FakeRegistry registry = new FakeRegistry()) {
            assertThat(
                            run(
                                    "host",
                                    "enrol",
                                    "--registry",
                                    registry.uri().toString(),
                                    "--code",
                                    issuer.newCode()))
                    .isEqualTo(1);
            assertThat(err.toString()).contains("answered 404: is it a Modu-Nest registry");
            registry.fail("/api/v1/hosts/enrol", new FakeRegistry.Fault.Status(201));
            run(
                    "host",
                    "enrol",
                    "--registry",
                    registry.uri().toString(),
                    "--code",
                    issuer.newCode());
            assertThat(err.toString()).contains("no id and issuer that can be read");
        }
        assertThat(
                        run(
                                "host",
                                "enrol",
                                "--registry",
                                "http://registry.invalid",
                                "--code",
                                issuer.newCode()))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("Warning: http shows the code");
        issuer.close();
        assertThat(enrol(issuer.newCode())).isEqualTo(1);
        assertThat(err.toString()).startsWith("registry-unreachable: ");
    }

    @Test
    void sendsNoCodeWhenTheFolderCannotBeWritten() throws IOException {
        Files.writeString(home, "a file");
        String code = issuer.newCode();
        assertThat(enrol(code)).isEqualTo(1);
        assertThat(err.toString()).startsWith("host-home-unwritable: ");
        Files.delete(home);
        assertThat(enrol(code)).isZero();
    }

    @Test
    void installsAndLoadsAsTheHost() throws IOException {
        try (FakeRegistry registry = new FakeRegistry(TestPlugin.of("a/x@1.0.0"))) {
            registry.admit(issuer::isNewest);
            enrol(issuer.newCode(), "--edge", registry.uri().toString());
            String folder = temp.resolve("plugins").toString();
            String address = registry.uri().toString();
            assertThat(run("install", "a/x", "--into", folder, "--registry", address))
                    .as(err.toString())
                    .isZero();
            assertThat(run("load", folder, "--require", "a/x", "--registry", address)).isZero();
            assertThat(registry.authorizations()).isNotEmpty();
        }
    }

    @Test
    void anEnrolledHostThatIsRevokedIsToldSo() throws IOException {
        try (FakeRegistry registry = new FakeRegistry(TestPlugin.of("a/x@1.0.0"))) {
            enrol(issuer.newCode(), "--edge", registry.uri().toString());
            issuer.revoke(HostCredentials.in(home));
            String folder = temp.resolve("plugins").toString();
            assertThat(
                            run(
                                    "install",
                                    "a/x",
                                    "--into",
                                    folder,
                                    "--registry",
                                    registry.uri().toString()))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .startsWith("host-refused: ")
                    .contains("host enrol --replace");
        }
    }
}
