package dev.modunest.server;

import dev.modunest.db.DatabaseException;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.settings.Settings;
import dev.modunest.settings.SettingsException;
import dev.modunest.telemetry.LogFormat;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The process: settings, start, and a clean stop on SIGTERM. */
public final class Main {

    private static final String USAGE =
            "usage: artifact-server [--config FILE]; settings also come from MODUNEST_... variables";
    private static final int WRONG_USE = 2;
    private static final int CANNOT_START = 3;

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        long begun = System.nanoTime();
        // As the settings say once they are read; until then nothing but what people are to see.
        LogFormat.PLAIN.install();
        Optional<Path> file = configFile(arguments);
        if (file.isEmpty() && arguments.length > 0) {
            exit(WRONG_USE, USAGE);
        }
        RegistryServer server = start(file, System.getenv(), System.out);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("stop")
                                .unstarted(
                                        () -> {
                                            server.close();
                                            stopped.countDown();
                                        }));
        Logger log = LoggerFactory.getLogger(Main.class);
        log.info(
                "listening at {}, started in {} ms",
                server.uri(),
                Duration.ofNanos(System.nanoTime() - begun).toMillis());
        stopped.await();
    }

    private static Optional<Path> configFile(String[] arguments) {
        return arguments.length == 2 && arguments[0].equals("--config")
                ? Optional.of(Path.of(arguments[1]))
                : Optional.empty();
    }

    private static RegistryServer start(
            Optional<Path> file, Map<String, String> environment, PrintStream out) {
        try {
            ServerConfig config = Settings.read(ServerConfig.class, file, environment);
            config.logging().format().install();
            out.print(Settings.describe(config));
            RegistryServer server = RegistryServer.start(config);
            server.firstToken()
                    .ifPresent(
                            token ->
                                    out.println(
                                            "The token of the first administrator, shown once and kept in "
                                                    + config.adminTokenFile()
                                                    + ": "
                                                    + token));
            return server;
        } catch (SettingsException
                | DatabaseException
                | StoreException
                | UncheckedIOException
                | IllegalStateException failed) {
            throw exit(CANNOT_START, "artifact-server cannot start: " + failed.getMessage());
        }
    }

    private static IllegalStateException exit(int code, String message) {
        System.err.println(message);
        System.exit(code);
        return new IllegalStateException("the process has ended");
    }
}
