package dev.modunest.standalone;

import org.apache.commons.io.FileUtils;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the whole way of a plugin: publish, store, index, deliver, load.",
            "Starts a registry with its own Postgres and S3 and an edge on free loopback ports, publishes the samples and",
            "N generated plugins, downloads them through the edge, loads all in a fresh host process and calls the samples."
        },
        footer = {
            "",
            "Example: ./modunest demo --plugins 100",
            "Exit code: 0 when everything worked, 1 when something did not and is named."
        })
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--plugins",
            paramLabel = "N",
            defaultValue = "500",
            description =
                    "Generated plugins beside the samples, 0 to 5000; default ${DEFAULT-VALUE}.")
    private int plugins = 500;

    @Option(
            names = "--keep",
            description =
                    "Keep everything running after the table until Ctrl-C, and keep its folder.")
    private boolean keep;

    @Option(names = "--json", description = "One JSON object instead of progress and table.")
    private boolean json;

    @Spec private CommandSpec spec;

    DemoCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (plugins < 0 || plugins > 5_000) {
            throw StandaloneException.wrongUse("--plugins is 0 to 5000, not " + plugins);
        }
        Distribution distribution = Distribution.current();
        try (StopSignal stop = StopSignal.install()) {
            boolean good;
            try (WorkFolder work = WorkFolder.create(keep)) {
                good = run(distribution, work.path(), stop);
            }
            if (good) {
                stop.succeeded();
            }
            return good ? 0 : 1;
        }
    }

    /** A temporary folder, removed at the end unless it is to stay. */
    private record WorkFolder(Path path, boolean stays) implements AutoCloseable {

        static WorkFolder create(boolean stays) throws IOException {
            return new WorkFolder(Files.createTempDirectory("modunest-demo"), stays);
        }

        @Override
        public void close() throws IOException {
            if (!stays) {
                FileUtils.deleteDirectory(path.toFile());
            }
        }
    }

    private boolean run(Distribution distribution, Path work, StopSignal stop)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintStream progress = ProgressStream.of(json);
        long begin = System.nanoTime();
        try (Platform platform = Platform.start(work.resolve("data"), 0, 0, progress::println)) {
            Duration startup = Duration.ofNanos(System.nanoTime() - begin);
            DemoReport report =
                    new Demo(distribution, platform, work, progress, stop).run(plugins, startup);
            out.println(json ? report.toJson() : report.toText());
            out.flush();
            if (keep && !stop.isRequested()) {
                out.println("registry " + platform.origin() + ", edge " + platform.edge());
                out.println("data and generated plugins are in " + work + "; Ctrl-C stops.");
                out.flush();
                stop.await();
            }
            return report.good();
        }
    }
}
