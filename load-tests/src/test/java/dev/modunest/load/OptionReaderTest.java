package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

class OptionReaderTest {

    static final Targets NO_TARGETS =
            new Targets(
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty());

    @TempDir Path folder;

    private static OptionReader reader(String name, String value) {
        return new OptionReader(Map.of(name, value)::get);
    }

    /** Reads {@code name} as what it is. */
    private static void read(OptionReader reader, String name) {
        switch (name) {
            case "rate" -> reader.integer(name, 100, 1, 20_000);
            case "duration" -> reader.seconds(name, 60);
            case "zipf" -> reader.fraction(name, 1, 0, 5);
            case "allow-remote" -> reader.flag(name);
            default -> reader.targets("");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rate, 0, a whole number from 1 to 20000",
        "rate, fast, a whole number from 1 to 20000",
        "duration, 90000, a whole number from 1 to 86400",
        "zipf, -1, a number from 0.0 to 5.0",
        "zipf, much, a number from 0.0 to 5.0",
        "allow-remote, yes, true or false",
        "p99, -1, a whole number from 0 to 3600000",
    })
    void saysWhatAValueMayBe(String name, String value, String expected) {
        assertThatThrownBy(() -> read(reader(name, value), name))
                .isInstanceOf(LoadTestException.class)
                .hasMessage("-D" + name + "=" + value + " is not " + expected);
    }

    @Test
    void readsValuesAndDefaults() {
        assertThat(reader("rate", "7").integer("rate", 1, 1, 9)).isEqualTo(7);
        assertThat(reader("rate", "7").integer("other", 1, 1, 9)).isEqualTo(1);
        assertThat(reader("duration", "7").seconds("duration", 1)).isEqualTo(Duration.ofSeconds(7));
        assertThat(reader("flag", "true").flag("flag")).isTrue();
        assertThat(reader("a", "b").seed()).isEqualTo(1);
        assertThat(OptionReader.ofSystem().text("java.version", "")).isNotEmpty();
    }

    @Test
    void readsTargetsByTheirPrefix() {
        assertThat(reader("verify-p50", "5").targets("verify-").p50()).hasValue(5);
        assertThat(reader("verify-p50", "5").targets("")).isEqualTo(NO_TARGETS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8081", "ftp://127.0.0.1", "http://", "http://h/x", "a b"})
    void refusesWhatIsNoBaseOfUrls(String edge) {
        assertThatThrownBy(() -> reader("edge", edge).url("edge", ""))
                .hasMessage("-Dedge=" + edge + " is not a URL such as http://127.0.0.1:8080");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://192.0.2.1", "http://registry.example", "http://127.0.0.1.example"})
    void refusesAnotherMachineUnlessAllowed(String edge) {
        assertThatThrownBy(() -> reader("edge", edge).url("edge", ""))
                .hasMessage(
                        "-Dedge="
                                + edge
                                + " is not this machine: load goes to 127.0.0.1 or [::1] alone, or"
                                + " to a host of yours with -Dallow-remote=true");
        OptionReader allowed = new OptionReader(Map.of("edge", edge, "allow-remote", "true")::get);
        assertThat(allowed.url("edge", "")).isEqualTo(URI.create(edge));
    }

    @Test
    void readsTokensOneALine() throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), "mnt_a\n\n  mnt_b  \n");

        assertThat(reader("token-file", file.toString()).tokens())
                .containsExactly("mnt_a", "mnt_b");
    }

    @Test
    void hasNoTokensWhereNoFileIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), "mnt_a");

        assertThat(reader("a", "b").namedTokens()).isEmpty();
        assertThat(reader("token-file", file.toString()).namedTokens()).containsExactly("mnt_a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n \n", "a token", "tökén"})
    void refusesWhatIsNoFileOfTokens(String content) throws IOException {
        Path file = Files.writeString(folder.resolve("tokens"), content);

        assertThatThrownBy(() -> reader("token-file", file.toString()).tokens())
                .hasMessage(
                        "the token file "
                                + file
                                + " has to have one token a line, and at least one");
    }

    @Test
    void saysThatThereIsNoTokenFile() {
        Path file = folder.resolve("none");

        assertThatThrownBy(() -> reader("token-file", file.toString()).tokens())
                .hasMessageStartingWith("the token file " + file + " cannot be read");
    }
}
