package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

class LoadOptionsTest {

    private static LoadOptions read(Map<String, String> properties) {
        return LoadOptions.read(properties::get);
    }

    @Test
    void hasDefaults() {
        assertThat(read(Map.of()))
                .isEqualTo(
                        new LoadOptions(
                                URI.create("http://127.0.0.1:8081"),
                                100,
                                Duration.ofSeconds(60),
                                64 << 20,
                                1000,
                                1,
                                1.0,
                                new LoadOptions.Shares(10, 5, 5)));
    }

    @Test
    void readsEveryProperty() {
        Map<String, String> properties =
                Map.of(
                        "edge", "http://[::1]:9/",
                        "rate", "1000",
                        "duration", "5",
                        "max-size", "65536",
                        "max-plugins", "20",
                        "seed", "-3",
                        "zipf", "0.5",
                        "hash-percent", "1",
                        "range-percent", "2",
                        "revalidate-percent", "3");

        assertThat(read(properties))
                .isEqualTo(
                        new LoadOptions(
                                URI.create("http://[::1]:9"),
                                1000,
                                Duration.ofSeconds(5),
                                65536,
                                20,
                                -3,
                                0.5,
                                new LoadOptions.Shares(1, 2, 3)));
    }

    @ParameterizedTest
    @CsvSource({
        "rate, 0, a whole number from 1 to 20000",
        "rate, fast, a whole number from 1 to 20000",
        "duration, 90000, a whole number from 1 to 86400",
        "zipf, -1, a number from 0.0 to 5.0",
        "zipf, much, a number from 0.0 to 5.0",
        "allow-remote, yes, true or false",
    })
    void saysWhatAValueMayBe(String name, String value, String expected) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .isInstanceOf(LoadTestException.class)
                .hasMessage("-D" + name + "=" + value + " is not " + expected);
    }

    @Test
    void refusesSharesOfMoreThanAll() {
        assertThatThrownBy(() -> read(Map.of("hash-percent", "60", "range-percent", "50")))
                .hasMessage(
                        "hash-percent, range-percent and revalidate-percent are 115 together, at"
                                + " most 100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8081", "ftp://127.0.0.1", "http://", "http://h/x", "a b"})
    void refusesWhatIsNoEdge(String edge) {
        assertThatThrownBy(() -> read(Map.of("edge", edge)))
                .hasMessage(
                        "-Dedge="
                                + edge
                                + " is not the URL of an edge such as http://127.0.0.1:8081");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://192.0.2.1", "http://registry.example", "http://127.0.0.1.example"})
    void refusesAnotherMachineUnlessAllowed(String edge) {
        assertThatThrownBy(() -> read(Map.of("edge", edge)))
                .hasMessage(
                        "-Dedge="
                                + edge
                                + " is not this machine: load goes to 127.0.0.1 or [::1] alone, or"
                                + " to a host of yours with -Dallow-remote=true");
        assertThat(read(Map.of("edge", edge, "allow-remote", "true")).edge())
                .isEqualTo(URI.create(edge));
    }
}
