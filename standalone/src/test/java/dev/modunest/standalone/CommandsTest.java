package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

    @Test
    void withoutArgumentsItShowsEveryCommand() {
        Commands help = Commands.run();
        assertThat(help.exit()).isZero();
        assertThat(help.out())
                .contains("demo", "up", "publish", "install", "load", "inspect", "range");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "up", "publish", "install", "load", "inspect", "range"})
    void everyCommandExplainsItselfWithItsExitCodes(String name) {
        Commands help = Commands.run(name, "--help");
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

    @Test
    void boundsOfOptionsAreTold() {
        assertThat(Commands.run("demo", "--plugins", "100000").err())
                .contains("--plugins is 0 to 5000, not 100000");
        assertThat(Commands.run("publish", "--concurrency", "0", "x.jar").err())
                .contains("--concurrency is 1 to 64, not 0");
    }
}
