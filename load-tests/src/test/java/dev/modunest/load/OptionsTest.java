package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Defaults and keys of the options of reading and publishing simulations. */
class OptionsTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(36 * 36));

    @TempDir Path folder;

    private static ReadOptions reading(Map<String, String> properties) {
        return ReadOptions.read(new OptionReader(properties::get), 50, 8000);
    }

    private PublisherOptions publishing(Map<String, String> properties) throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens"), "mnt_a\nmnt_b");
        Map<String, String> all = new HashMap<>(properties);
        all.put("token-file", tokens.toString());
        return PublisherOptions.read(new OptionReader(all::get), CLOCK, 60, 1024);
    }

    @Test
    void readersHaveDefaults() {
        assertThat(reading(Map.of()))
                .isEqualTo(
                        new ReadOptions(
                                URI.create("http://127.0.0.1:8080"),
                                50,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(60),
                                8000,
                                1,
                                OptionReaderTest.NO_TARGETS));
    }

    @Test
    void readersReadEveryProperty() {
        assertThat(
                        reading(
                                Map.of(
                                        "registry", "http://localhost:1",
                                        "rate", "2",
                                        "warm-up", "0",
                                        "duration", "3",
                                        "max-plugins", "4",
                                        "seed", "5")))
                .isEqualTo(
                        new ReadOptions(
                                URI.create("http://localhost:1"),
                                2,
                                Duration.ZERO,
                                Duration.ofSeconds(3),
                                4,
                                5,
                                OptionReaderTest.NO_TARGETS));
    }

    @Test
    void resolversHaveDefaultsAndKeys() {
        ResolveOptions absent = ResolveOptions.read(new OptionReader(name -> null));
        Map<String, String> properties =
                Map.of(
                        "clients", "2",
                        "pace", "3",
                        "roots", "4",
                        "lock-size", "5",
                        "variants", "6",
                        "verify-p50", "7");
        ResolveOptions given = ResolveOptions.read(new OptionReader(properties::get));

        assertThat(absent)
                .isEqualTo(
                        new ResolveOptions(
                                ReadOptions.read(new OptionReader(name -> null), 1, 10_000),
                                1,
                                Duration.ofMillis(20),
                                500,
                                500,
                                4,
                                OptionReaderTest.NO_TARGETS));
        assertThat(given)
                .isEqualTo(
                        new ResolveOptions(
                                absent.read(), 2, Duration.ofMillis(3), 4, 5, 6, given.verify()));
        assertThat(given.verify().p50()).hasValue(7);
    }

    @Test
    void publishersHaveDefaults() throws IOException {
        assertThat(publishing(Map.of()))
                .isEqualTo(
                        new PublisherOptions(
                                URI.create("http://127.0.0.1:8080"),
                                List.of("mnt_a", "mnt_b"),
                                Duration.ofSeconds(60),
                                1024,
                                "100",
                                OptionReaderTest.NO_TARGETS));
    }

    @Test
    void developersHaveDefaultsAndKeys() throws IOException {
        Path tokens = Files.writeString(folder.resolve("tokens"), "mnt_a\nmnt_b");
        Map<String, String> properties = new HashMap<>(Map.of("token-file", tokens.toString()));
        DeveloperOptions absent = DeveloperOptions.read(new OptionReader(properties::get), CLOCK);
        properties.putAll(
                Map.of(
                        "registry", "http://localhost:1",
                        "developers", "2",
                        "clients", "3",
                        "run", "r7",
                        "write-to", "there"));
        DeveloperOptions given = DeveloperOptions.read(new OptionReader(properties::get), CLOCK);

        assertThat(absent)
                .isEqualTo(
                        new DeveloperOptions(
                                URI.create("http://127.0.0.1:8080"),
                                "mnt_a",
                                1000,
                                4,
                                "100",
                                Path.of("developers.tokens")));
        assertThat(given)
                .isEqualTo(
                        new DeveloperOptions(
                                URI.create("http://localhost:1"),
                                "mnt_a",
                                2,
                                3,
                                "r7",
                                Path.of("there")))
                .hasToString("2 developers at http://localhost:1");
        assertThat(given.account(7)).isEqualTo("load-r7-00007");
    }

    @Test
    void publishersHaveTokensInTurnAndANamespaceForEach() throws IOException {
        PublisherOptions options = publishing(Map.of("run", "r7"));

        assertThat(List.of(options.token(0), options.token(1), options.token(2)))
                .containsExactly("mnt_a", "mnt_b", "mnt_a");
        assertThat(options.namespace(3)).isEqualTo("load-r7-1");
    }

    @Test
    void publishersRefuseARunThatFitsInNoName() {
        assertThatThrownBy(() -> publishing(Map.of("run", "My run")))
                .hasMessage("-Drun=My run is not 1 to 20 characters of a-z and 0-9");
    }
}
