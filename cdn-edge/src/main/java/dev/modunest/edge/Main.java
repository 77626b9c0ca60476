package dev.modunest.edge;

import dev.modunest.settings.Settings;
import dev.modunest.settings.SettingsException;

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
                        edge -> Runtime.getRuntime().addShutdownHook(new Thread(edge::close)),
                        () -> System.exit(1));
    }

    /** The running edge; empty when it could not start and {@code errors} says why. */
    static Optional<EdgeServer> run(
            List<String> arguments, Map<String, String> environment, PrintStream errors) {
        if (!(arguments.isEmpty()
                || (arguments.size() == 2 && arguments.getFirst().equals("--config")))) {
            errors.println(USAGE);
            return Optional.empty();
        }
        Optional<Path> file =
                arguments.isEmpty() ? Optional.empty() : Optional.of(Path.of(arguments.get(1)));
        try {
            EdgeConfig config = Settings.read(EdgeConfig.class, file, environment);
            LoggerFactory.getLogger(Main.class).info("settings:\n{}", Settings.describe(config));
            return Optional.of(EdgeServer.start(config));
        } catch (SettingsException | IllegalArgumentException | UncheckedIOException refused) {
            errors.println(refused.getMessage());
            return Optional.empty();
        }
    }
}
