package dev.modunest.edge;

import dev.modunest.settings.Settings;
import dev.modunest.settings.SettingsException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Starts an edge: {@code [--config FILE]}, settings from the file and the environment. */
public final class Main {

    private static final String USAGE = "usage: cdn-edge [--config FILE]";

    private static final String LOG_SETTINGS = "logback.configurationFile";

    private Main() {}

    public static void main(String[] arguments) {
        if (System.getProperty(LOG_SETTINGS) == null) {
            System.setProperty(LOG_SETTINGS, "dev/modunest/edge/logback.xml");
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
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
        ProcessSignals.on("HUP", () -> reload(edge, file(arguments), System.getenv()));
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

    private static Optional<Path> file(List<String> arguments) {
        return arguments.isEmpty() ? Optional.empty() : Optional.of(Path.of(arguments.get(1)));
    }

    /** The running edge; empty when it could not start and {@code errors} says why. */
    static Optional<EdgeServer> run(
            List<String> arguments, Map<String, String> environment, PrintStream errors) {
        if (!(arguments.isEmpty()
                || (arguments.size() == 2 && arguments.getFirst().equals("--config")))) {
            errors.println(USAGE);
            return Optional.empty();
        }
        try {
            EdgeConfig config = Settings.read(EdgeConfig.class, file(arguments), environment);
            log().info("settings:\n{}", Settings.describe(config));
            return Optional.of(EdgeServer.start(config));
        } catch (SettingsException | IllegalArgumentException | UncheckedIOException refused) {
            errors.println(refused.getMessage());
            return Optional.empty();
        }
    }
}
