package dev.modunest.standalone;

import dev.modunest.settings.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Which registry a command speaks to, and as whom. */
final class RegistryOptions {

    @Option(
            names = "--registry",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The registry; default ${DEFAULT-VALUE}.")
    private URI registry = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "A file with the token. Without it the MODUNEST_TOKEN variable is taken, else your sign-in of"
                            + " 'modunest login', else the token that 'modunest up' left in ~/.modunest/admin.token.")
    private @Nullable Path tokenFile;

    RegistryOptions() {}

    URI registry() {
        return registry;
    }

    Secret token() throws IOException, InterruptedException {
        String fromEnvironment = System.getenv("MODUNEST_TOKEN");
        if (tokenFile == null && fromEnvironment != null) {
            return new Secret(fromEnvironment.strip());
        }
        return kept(registry, tokenFile);
    }

    /** The token of a file; without one that of the sign-in, else that of the administrator. */
    static Secret kept(URI registry, @Nullable Path tokenFile)
            throws IOException, InterruptedException {
        Optional<Secret> signedIn =
                tokenFile == null ? SignIns.ofUser().token(registry) : Optional.empty();
        if (signedIn.isPresent()) {
            return signedIn.get();
        }
        Path file = tokenFile == null ? UpCommand.defaultData().resolve("admin.token") : tokenFile;
        if (!Files.isReadable(file)) {
            throw StandaloneException.wrongUse(
                    "no token: "
                            + file
                            + " cannot be read; sign in with ./modunest login, give --token-file FILE, or set MODUNEST_TOKEN");
        }
        return new Secret(Files.readString(file).strip());
    }
}
