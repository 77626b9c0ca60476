package dev.modunest.loader;

import dev.modunest.loader.testing.TestPlugin;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Changes one jar of a folder in development mode: the time from the change to the running plugin.
 * Started as {@link ReloadBenchmark}, with {@code [jars] [changes]}.
 */
final class DevelopmentBenchmark {

    private DevelopmentBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        int changes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        Path folder = Files.createTempDirectory("develop");
        for (int i = 1; i < count; i++) {
            TestPlugin.of("a/p" + i + "@1.0.0").startingUnrecorded("").writeTo(folder);
        }
        Path jar = TestPlugin.of("a/x@1.0.0").startingUnrecorded("").writeTo(folder);
        BlockingQueue<ExchangeReport> done = new ArrayBlockingQueue<>(1_000);
        LoaderOptions options =
                LoaderOptions.in(folder.resolve("cache"))
                        .trust(TrustOptions.unverified())
                        .onEvent(
                                event -> {
                                    if (event instanceof LoaderEvent.ExchangeEnded ended) {
                                        done.add(ended.report());
                                    }
                                })
                        .build();
        List<Double> millis = new ArrayList<>();
        try (PluginLoader loader = PluginLoader.open(options);
                PluginLoader.DevelopmentWatch _ = loader.develop(folder)) {
            for (int i = 0; i < changes; i++) {
                byte[] changed =
                        TestPlugin.of("a/x@1.0.0")
                                .startingUnrecorded("System.setProperty(\"x\", \"" + i + "\");")
                                .jar();
                Path fresh = Files.write(folder.resolve("fresh"), changed);
                long begin = System.nanoTime();
                Files.move(fresh, jar, StandardCopyOption.REPLACE_EXISTING);
                ExchangeReport report = done.poll(30, TimeUnit.SECONDS);
                if (report == null || !report.done() || report.plugins().size() != 1) {
                    throw new IllegalStateException(String.valueOf(report));
                }
                millis.add((System.nanoTime() - begin) / 1e6);
            }
        }
        List<Double> sorted = millis.stream().sorted().toList();
        System.out.printf(
                "%d jars, change to running: p50 %.1f ms, max %.1f ms, first %.1f ms%n",
                count, sorted.get(sorted.size() / 2), sorted.getLast(), millis.getFirst());
    }
}
