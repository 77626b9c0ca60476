package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

class DownloadOptionsTest {

    private static DownloadOptions read(Map<String, String> properties) {
        return DownloadOptions.read(new OptionReader(properties::get));
    }

    @Test
    void hasDefaults() {
        assertThat(read(Map.of()))
                .isEqualTo(
                        new DownloadOptions(
                                URI.create("http://127.0.0.1:8081"),
                                100,
                                Duration.ofSeconds(60),
                                64 << 20,
                                1000,
                                1,
                                1.0,
                                new DownloadOptions.Shares(10, 5, 5),
                                OptionReaderTest.NO_TARGETS));
    }

    @Test
    void readsEveryProperty() {
        Map<String, String> properties =
                Map.ofEntries(
                        Map.entry("edge", "http://[::1]:9/"),
                        Map.entry("rate", "1000"),
                        Map.entry("duration", "5"),
                        Map.entry("max-size", "65536"),
                        Map.entry("max-plugins", "20"),
                        Map.entry("seed", "-3"),
                        Map.entry("zipf", "0.5"),
                        Map.entry("hash-percent", "1"),
                        Map.entry("range-percent", "2"),
                        Map.entry("revalidate-percent", "3"),
                        Map.entry("p99", "40"));

        assertThat(read(properties))
                .isEqualTo(
                        new DownloadOptions(
                                URI.create("http://[::1]:9"),
                                1000,
                                Duration.ofSeconds(5),
                                65536,
                                20,
                                -3,
                                0.5,
                                new DownloadOptions.Shares(1, 2, 3),
                                new Targets(
                                        OptionalInt.empty(),
                                        OptionalInt.empty(),
                                        OptionalInt.of(40),
                                        OptionalInt.empty())));
    }

    @Test
    void refusesSharesOfMoreThanAll() {
        assertThatThrownBy(() -> read(Map.of("hash-percent", "60", "range-percent", "50")))
                .hasMessage(
                        "hash-percent, range-percent and revalidate-percent are 115 together, at"
                                + " most 100");
    }
}
