package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.PluginId;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What can be removed in a JVM that opens {@code java.lang} and {@code java.util}, and in one that
 * does not.
 */
class OpenedUnloadIT {

    private static final PluginId PLUGIN = PluginId.parse("a/x");
    private static final List<String> OPENS =
            List.of(
                    "--add-opens",
                    "java.base/java.lang=ALL-UNNAMED",
                    "--add-opens",
                    "java.base/java.util=ALL-UNNAMED");

    @TempDir private Path folder;

    /** Loads the folder, unloads the plugin and tells what became of it. */
    static final class Host {

        private Host() {}

        public static void main(String[] arguments) throws Exception {
            LoaderOptions options =
                    LoaderOptions.in(Path.of(arguments[0]).resolve("cache"))
                            .trust(TrustOptions.unverified())
                            .build();
            try (PluginLoader loader = PluginLoader.open(options)) {
                loader.loadDirectory(Path.of(arguments[0]));
                loader.unload(PLUGIN);
                UnloadedPlugin plugin =
                        loader.unloaded(Duration.ofMillis(Long.parseLong(arguments[1]))).getFirst();
                System.out.println("collected: " + plugin.collected());
                plugin.closed().forEach(line -> System.out.println("closed: " + line));
                plugin.holders().forEach(line -> System.out.println("held: " + line));
            }
            System.exit(0);
        }
    }

    private List<String> unload(String statements, List<String> flags, Duration patience)
            throws IOException, InterruptedException {
        TestPlugin.of("a/x@1.0.0").startingUnrecorded(statements).writeTo(folder);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("-javaagent")) // measures coverage
                .forEach(command::add);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Host.class.getName(), folder.toString(), "" + patience.toMillis()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return text.lines().toList();
    }

    @Test
    void removesThreadLocalsHooksAndTimers() throws Exception {
        assertThat(
                        unload(
                                """
                                java.util.concurrent.ForkJoinPool.commonPool().submit(() -> {
                                    local.set(new Own());
                                    inherited.set(Own.class);
                                }).get();
                                Runtime.getRuntime().addShutdownHook(new Thread(() -> {}, "late"));
                                new java.util.Timer("ticks").schedule(new Task(), 1_000_000);
                                }
                                static final ThreadLocal<Object> local = new ThreadLocal<>();
                                static final ThreadLocal<Object> inherited =
                                        new InheritableThreadLocal<>();
                                static class Own {}
                                static class Task extends java.util.TimerTask {
                                    public void run() {}
                                """,
                                OPENS,
                                Duration.ofSeconds(20)))
                .contains(
                        "collected: true",
                        "closed: shutdown hook 'late' was removed",
                        "closed: timer 'ticks' was cancelled")
                .noneMatch(line -> line.startsWith("held: "));
    }

    @Test
    void saysWhereItCannotLook() throws Exception {
        assertThat(
                        unload(
                                """
                                Runtime.getRuntime().addShutdownHook(new Thread(() -> {}, "late"));
                                """,
                                List.of(),
                                Duration.ofMillis(200)))
                .contains("collected: false")
                .anyMatch(line -> line.contains("--add-opens java.base/java.lang=ALL-UNNAMED"))
                .anyMatch(line -> line.contains("--add-opens java.base/java.util=ALL-UNNAMED"));
    }
}
