package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

class CommandsTest {

    @Test
    void withoutArgumentsItShowsEveryCommand() {
        Commands help = Commands.run();
        assertThat(help.exit()).isZero();
        assertThat(help.out())
                .contains("demo", "up", "publish", "install", "load", "inspect", "range");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "demo",
                "up",
                "publish",
                "install",
                "load",
                "inspect",
                "range",
                "audit",
                "audit verify",
                "audit export",
                "revocations sign",
                "plugins",
                "edge",
                "edge status",
                "edge purge",
                "edge prefetch"
            })
    void everyCommandExplainsItselfWithItsExitCodes(String name) {
        Commands help = Commands.run((name + " --help").split(" "));
        assertThat(help.exit()).isZero();
        assertThat(help.out())
                .contains("Usage: modunest " + name)
                .containsIgnoringCase("exit code");
    }

    @Test
    void wrongUsageIsExitCode2WithWhatToTypeNext() {
        Commands wrong = Commands.run("inspect");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.err()).contains("Missing required parameter", "'modunest inspect --help'");
        assertThat(Commands.run("pubish", "x.jar").err()).contains("publish");
    }

    @Test
    void aMissingFileIsToldInOneSentence() {
        Commands missing = Commands.run("inspect", "nowhere.jar");
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.err())
                .isEqualTo(
                        "modunest: nowhere.jar cannot be read; give a jar or a folder of jars"
                                + System.lineSeparator());
    }

    @Test
    void faultsOfTheLoaderAreToldWithoutATrace() {
        Commands installed =
                Commands.run(
                        "install",
                        "a/b",
                        "--registry",
                        "http://127.0.0.1:1",
                        "--into",
                        "target/none");
        assertThat(installed.exit()).isEqualTo(1);
        assertThat(installed.err()).contains("127.0.0.1:1").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://registry", "registry", "http:///x", "http://a b", "file:/tmp"})
    void whatIsNoAddressOfARegistryIsToldWithoutATrace(String address) {
        for (String[] command :
                new String[][] {
                    {"publish", "x.jar"},
                    {"install", "a/b", "--into", "target/none"},
                    {"load", "target/none"},
                    {"delete", "a/b@1.0.0", "--reason", "x"}
                }) {
            String[] arguments = Arrays.copyOf(command, command.length + 2);
            arguments[command.length] = "--registry";
            arguments[command.length + 1] = address;
            Commands told = Commands.run(arguments);
            assertThat(told.exit()).as(command[0]).isEqualTo(2);
            assertThat(told.err())
                    .contains(
                            "'" + address + "' is no address of a registry: write http://host:port")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aFolderWithoutJarsIsToldInOneSentence(@TempDir Path empty) throws IOException {
        Path token = Files.writeString(empty.resolve("token"), "x");
        for (String[] arguments :
                new String[][] {
                    {"publish", "--token-file", token.toString(), empty.toString()},
                    {"inspect", empty.toString()}
                }) {
            Commands told = Commands.run(arguments);
            assertThat(told.exit()).isEqualTo(2);
            assertThat(told.err())
                    .startsWith("modunest: " + empty + " has n")
                    .contains("; give a jar or a folder of jars")
                    .hasLineCount(1);
        }
    }

    @Test
    void aPortThatIsTakenIsToldBeforeAnythingStarts(@TempDir Path folder) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Path data = folder.resolve("data");
            for (List<String> ports : List.of(List.of(port, "0"), List.of("0", port))) {
                Commands told =
                        Commands.run(
                                "up",
                                "--data",
                                data.toString(),
                                "--port",
                                ports.getFirst(),
                                "--edge-port",
                                ports.getLast());
                assertThat(told.exit()).isEqualTo(3);
                assertThat(told.err())
                        .startsWith("modunest: cannot listen at 127.0.0.1:" + port)
                        .contains("--edge-port")
                        .hasLineCount(1);
            }
            assertThat(data).doesNotExist();
        }
    }

    @Test
    void boundsOfOptionsAreTold() {
        assertThat(Commands.run("demo", "--plugins", "100000").err())
                .contains("--plugins is 0 to 5000, not 100000");
        assertThat(Commands.run("publish", "--concurrency", "0", "x.jar").err())
                .contains("--concurrency is 1 to 64, not 0");
    }
}
