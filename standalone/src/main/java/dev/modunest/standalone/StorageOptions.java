package dev.modunest.standalone;

import dev.modunest.server.ServerConfig;
import dev.modunest.settings.Settings;
import dev.modunest.settings.SettingsException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Which index and storage a command works on: those of a server, or those of 'modunest up'. */
final class StorageOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The settings of a server; MODUNEST_... variables are read too. Its index and storage are taken.")
    private @Nullable Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Without --config: the folder of a 'modunest up' that does not run now; default ~/.modunest.")
    private @Nullable Path data;

    StorageOptions() {}

    /**
     * Settings of the server, and what has to run meanwhile.
     *
     * @param running closed at the end
     */
    record Opened(ServerConfig config, Optional<Backends> running) implements AutoCloseable {

        @Override
        public void close() {
            running.ifPresent(Backends::close);
        }
    }

    boolean isGiven() {
        return config != null || data != null;
    }

    Opened open(Consumer<String> progress) {
        if (config != null && data != null) {
            throw StandaloneException.wrongUse("give --config or --data, not both");
        }
        if (config != null) {
            return new Opened(read(config), Optional.empty());
        }
        Backends backends = Backends.start(data == null ? UpCommand.defaultData() : data, progress);
        return new Opened(backends.serverConfig(0), Optional.of(backends));
    }

    private static ServerConfig read(Path file) {
        try {
            return Settings.read(ServerConfig.class, Optional.of(file), System.getenv());
        } catch (SettingsException faulty) {
            throw StandaloneException.wrongUse(String.valueOf(faulty.getMessage()));
        }
    }
}
