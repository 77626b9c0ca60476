package dev.modunest.edge;

import dev.modunest.edge.log.AccessLog;
import dev.modunest.settings.Settings;
import dev.modunest.settings.SettingsException;
import dev.modunest.telemetry.LogFormat;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Starts an edge: {@code [--config FILE] [--origin URI] [--port N]}, settings from the file and the
 * environment, over which the options win. {@code --origin} makes it a cache for any origin.
 */
public final class Main {

    private static final String USAGE =
            """
            usage: cdn-edge [--config FILE] [--origin URI] [--port N]
              --config FILE  settings, docs/operations/cdn-edge.md; MODUNEST_... variables win over it
              --origin URI   cache for any HTTP origin (mode any_origin), as http://127.0.0.1:8080
              --port N       listen.port
            './modunest edge status', 'purge' and 'prefetch' administer an edge that runs.""";

    private Main() {}

    public static void main(String[] arguments) {
        // As the settings say once they are read; until then nothing but what people are to see.
        LogFormat.PLAIN.install();
        run(List.of(arguments), System.getenv(), System.err)
                .ifPresentOrElse(
                        edge -> listenToSignals(edge, List.of(arguments)), () -> System.exit(1));
    }

    /** SIGTERM drains and ends with 0; SIGHUP reads the settings again. */
    private static void listenToSignals(EdgeServer edge, List<String> arguments) {
        Runtime.getRuntime().addShutdownHook(new Thread(edge::close));
        ProcessSignals.on(
                "TERM",
                () -> {
                    edge.drain();
                    System.exit(0);
                });
        ProcessSignals.on(
                "HUP",
                () ->
                        Start.parse(arguments, System.getenv())
                                .ifPresent(start -> reload(edge, start.file(), start.settings())));
    }

    /** Applies the settings as they are now; bad ones change nothing. */
    static void reload(EdgeServer edge, Optional<Path> file, Map<String, String> environment) {
        try {
            SettingsChange change = edge.reload(Settings.read(EdgeConfig.class, file, environment));
            log().info(
                            "settings were read again; other than at the start: {}",
                            change.applicable());
            if (!change.refused().isEmpty()) {
                log().error("these take a restart and stay as they are: {}", change.refused());
            }
        } catch (SettingsException | IllegalArgumentException refused) {
            log().error("settings stay as they are: {}", refused.getMessage());
        }
    }

    /** Not before {@link #main} has chosen the settings of the log. */
    private static Logger log() {
        return LoggerFactory.getLogger(Main.class);
    }

    /** Where the settings come from. */
    private record Start(Optional<Path> file, Map<String, String> settings) {

        static Optional<Start> parse(List<String> arguments, Map<String, String> environment) {
            if (arguments.size() % 2 != 0) {
                return Optional.empty();
            }
            Map<String, String> options = new HashMap<>();
            for (int i = 0; i < arguments.size(); i += 2) {
                options.put(arguments.get(i), arguments.get(i + 1));
            }
            Optional<Path> file = Optional.ofNullable(options.remove("--config")).map(Path::of);
            Map<String, String> settings = new HashMap<>(environment);
            if (options.containsKey("--origin")) {
                settings.put("MODUNEST_ORIGIN_URIS", options.remove("--origin"));
                settings.put("MODUNEST_MODE", "any_origin");
            }
            if (options.containsKey("--port")) {
                settings.put("MODUNEST_LISTEN_PORT", options.remove("--port"));
            }
            return options.isEmpty() ? Optional.of(new Start(file, settings)) : Optional.empty();
        }
    }

    /** The running edge; empty when it could not start and {@code errors} says why. */
    static Optional<EdgeServer> run(
            List<String> arguments, Map<String, String> environment, PrintStream errors) {
        Optional<Start> parsed = Start.parse(arguments, environment);
        if (parsed.isEmpty()) {
            errors.println(USAGE);
            return Optional.empty();
        }
        Start start = parsed.get();
        try {
            Supplier<EdgeConfig> settings =
                    () -> Settings.read(EdgeConfig.class, start.file(), start.settings());
            EdgeConfig config = settings.get();
            config.logging().format().install();
            LogFormat.installAccess(AccessLog.LOGGER);
            log().info("settings:\n{}", Settings.describe(config));
            return Optional.of(EdgeServer.start(config, settings, InstantSource.system()));
        } catch (SettingsException | IllegalArgumentException | UncheckedIOException refused) {
            errors.println(refused.getMessage());
            return Optional.empty();
        }
    }
}
