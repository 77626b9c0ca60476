package dev.modunest.loader.cli;

import dev.modunest.loader.HostCredentials;
import dev.modunest.loader.LoaderOptionsBuilder;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** Where the credentials of this host are, as an option that several commands share. */
final class HomeOption {

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = {
                "The folder of this host's credentials, key.pem and host.json.",
                "Default: .modunest in your home folder."
            })
    private @Nullable Path home;

    Path folder() {
        Path named = home;
        return named == null ? Path.of(System.getProperty("user.home"), ".modunest") : named;
    }

    /** Has requests say which host asks, when it is enrolled; when a folder is named, it must. */
    LoaderOptionsBuilder apply(LoaderOptionsBuilder options) {
        return home != null || HostCredentials.areIn(folder())
                ? options.hostCredentials(HostCredentials.in(folder()))
                : options;
    }
}
