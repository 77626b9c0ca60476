package dev.modunest.loader.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.PluginId;
import dev.modunest.loader.LoaderOptions;
import dev.modunest.loader.PluginConfigException;
import dev.modunest.loader.PluginConfigService;
import dev.modunest.loader.PluginEnvironmentService.Environment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class PluginConfigIT {

    private static final PluginId PLUGIN = PluginId.parse("acme/html-clean");
    private static final String PREFIX = "MODUNEST_PLUGIN__ACME__HTML_CLEAN__";

    @TempDir private Path folder;

    enum Mode {
        FAST_ONE,
        SLOW
    }

    record Limits(int depth, @PluginConfigService.Default("10s") Duration patience) {}

    record Settings(
            String name,
            @PluginConfigService.Default("5") int size,
            @PluginConfigService.Default("true") boolean strict,
            @PluginConfigService.Default("slow") Mode mode,
            @PluginConfigService.Default("1.5") double ratio,
            @PluginConfigService.Default("a, b") List<String> words,
            @PluginConfigService.Default("PT1M") Duration pause,
            Optional<URI> address,
            Optional<Path> file,
            Optional<Limits> limits,
            Optional<Map<String, Long>> weights) {
        Settings {
            if (size < 0) {
                throw new IllegalArgumentException("size is " + size + ": it must be 0 or more");
            }
        }
    }

    private ConfigFolder folder(Map<String, String> variables) {
        return new ConfigFolder(
                new LoaderOptions.PluginOptions(
                        Environment.STAGING,
                        Map.of(),
                        Optional.empty(),
                        Optional.of(folder),
                        variables,
                        false));
    }

    private void write(String json) throws IOException {
        Path file = folder.resolve("acme/html-clean.json");
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling("fresh");
        Files.writeString(fresh, json);
        Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }

    private Settings read(Map<String, String> variables) {
        try (ConfigFolder all = folder(variables);
                PluginConfig config = all.of(PLUGIN)) {
            return config.read(Settings.class);
        }
    }

    @Test
    void readsFileVariablesAndDefaults() throws IOException {
        write(
                """
                {"name": "x", "words": ["q"], "mode": "fast-one", "limits": {"depth": 3},
                 "weights": {"a": 1, "b": 2}, "address": null}
                """);
        Settings settings =
                read(
                        Map.of(
                                PREFIX + "NAME", "from outside",
                                PREFIX + "ADDRESS", "http://a.b",
                                PREFIX + "FILE", "x/y",
                                PREFIX + "RATIO", "2",
                                PREFIX + "LIMITS__PATIENCE", "250ms"));
        assertThat(settings)
                .isEqualTo(
                        new Settings(
                                "from outside",
                                5,
                                true,
                                Mode.FAST_ONE,
                                2,
                                List.of("q"),
                                Duration.ofMinutes(1),
                                Optional.of(URI.create("http://a.b")),
                                Optional.of(Path.of("x/y")),
                                Optional.of(new Limits(3, Duration.ofMillis(250))),
                                Optional.of(Map.of("a", 1L, "b", 2L))));
    }

    @Test
    void needsNoFile() {
        Settings settings = read(Map.of(PREFIX + "NAME", "n", PREFIX + "WORDS", "one,two"));
        assertThat(settings.words()).containsExactly("one", "two");
        assertThat(settings.limits()).isEmpty();
    }

    @Test
    void namesEveryFault() throws IOException {
        write(
                "{\"size\": \"many\", \"sise\": 1, \"limits\": [], \"mode\": \"quick\", \"strict\": 1}");
        assertThatThrownBy(() -> read(Map.of(PREFIX + "PAUSE", "soon")))
                .isInstanceOfSatisfying(
                        PluginConfigException.class,
                        fault ->
                                assertThat(fault.faults())
                                        .anyMatch(
                                                line -> line.startsWith("name in html-clean.json"))
                                        .anyMatch(line -> line.contains("'many' is no number"))
                                        .anyMatch(line -> line.contains("none of [fast_one, slow]"))
                                        .anyMatch(line -> line.contains("neither true nor false"))
                                        .anyMatch(
                                                line -> line.contains("limits. in html-clean.json"))
                                        .anyMatch(
                                                line -> line.startsWith(PREFIX + "PAUSE is wrong"))
                                        .anyMatch(
                                                line ->
                                                        line.contains(
                                                                "sise in html-clean.json is")))
                .hasMessageStartingWith("the configuration of acme/html-clean cannot be used: ");
    }

    @Test
    void tellsWhatTheRecordRefuses() {
        assertThatThrownBy(() -> read(Map.of(PREFIX + "NAME", "n", PREFIX + "SIZE", "-1")))
                .hasMessageContaining("size is -1: it must be 0 or more");
    }

    @Test
    void refusesWhatIsNoJson() throws IOException {
        for (String text : List.of("{", "[]", "{} {}")) {
            write(text);
            assertThatThrownBy(() -> read(Map.of())).isInstanceOf(PluginConfigException.class);
        }
    }

    record Strange(Thread thread) {}

    @Test
    void namesTypesThatCannotBeConfigured() {
        try (ConfigFolder all = folder(Map.of(PREFIX + "THREAD", "x"));
                PluginConfig config = all.of(PLUGIN)) {
            assertThatThrownBy(() -> config.read(Strange.class))
                    .hasMessageContaining("values of java.lang.Thread cannot be configured");
        }
    }

    record Small(@PluginConfigService.Default("1") int size) {
        Small {
            if (size == 0) {
                throw new IllegalArgumentException("no size");
            }
        }
    }

    @Test
    void tellsOfChangesThatAreValid() throws Exception {
        BlockingQueue<Integer> told = new LinkedBlockingQueue<>();
        try (ConfigFolder all = folder(Map.of());
                PluginConfig config = all.of(PLUGIN)) {
            var registration = config.onChange(Small.class, now -> told.add(now.size()));
            write("{\"size\": 2}");
            assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(2);
            write("{\"size\": 0}");
            write("{\"size\": 3}");
            assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo(3);
            registration.close();
            for (int i = 0; i < PluginConfig.MOST_LISTENERS; i++) {
                config.onChange(
                        Small.class,
                        now -> {
                            throw new IllegalStateException("a listener's fault");
                        });
            }
            assertThatThrownBy(() -> config.onChange(Small.class, now -> told.add(0)))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(told).isEmpty();
    }
}
