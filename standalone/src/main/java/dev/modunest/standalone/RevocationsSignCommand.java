package dev.modunest.standalone;

import dev.modunest.db.Database;
import dev.modunest.db.DatabaseException;
import dev.modunest.format.sign.Signer;
import dev.modunest.server.ServerConfig;
import dev.modunest.server.freshness.RevocationsSigning;
import dev.modunest.server.key.KeyException;
import dev.modunest.server.key.KeyLocation;
import dev.modunest.server.key.KeyStorage;
import dev.modunest.settings.Settings;
import dev.modunest.settings.SettingsException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "sign",
        mixinStandardHelpOptions = true,
        description = {
            "Signs revoked.json, the releases that are quarantined or deleted, with the key of TUF's role",
            "revocations, and hands it to the servers by the index: when that has changed, or an hour ago."
        },
        footer = {
            "",
            "Example: ./modunest revocations sign --registry-config server.yaml --key tuf-revocations.pem --watch",
            "Exit code: 0 when signed or nothing is due, 1 when refused, 2 for bad usage, 3 without Postgres."
        })
final class RevocationsSignCommand implements Callable<Integer> {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    @Option(
            names = "--registry-config",
            required = true,
            paramLabel = "FILE",
            description =
                    "The settings of a server, whose index is taken; MODUNEST_... variables are read too.")
    private Path config = Path.of("");

    @Option(
            names = "--key",
            required = true,
            paramLabel = "KEY",
            description = "FILE.pem, FILE.p12#ALIAS or pkcs11:CONFIGURATION#ALIAS.")
    private String key = "";

    @Option(names = "--watch", description = "Go on, looking every second, until interrupted.")
    private boolean watch;

    @Mixin private PassphraseOptions passphrase = new PassphraseOptions();

    @Spec private CommandSpec spec;

    RevocationsSignCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        ServerConfig settings = read();
        Signer signer = signer();
        try (Database database = Database.connect(settings.database())) {
            RevocationsSigning signing =
                    new RevocationsSigning(database, signer, InstantSource.system());
            tell(signing.sign());
            while (watch && !Thread.currentThread().isInterrupted()) {
                Thread.sleep(PAUSE);
                signAgain(signing);
            }
            return 0;
        } catch (DatabaseException failed) {
            throw new StandaloneException("the index cannot be reached: " + failed.getMessage());
        } catch (IllegalStateException refused) {
            throw StandaloneException.refused(String.valueOf(refused.getMessage()), refused);
        }
    }

    private ServerConfig read() {
        try {
            return Settings.read(ServerConfig.class, Optional.of(config), System.getenv());
        } catch (SettingsException faulty) {
            throw StandaloneException.wrongUse(String.valueOf(faulty.getMessage()));
        }
    }

    private Signer signer() {
        try {
            return new KeyStorage(System.getenv())
                    .open(KeyLocation.parse(key, Path.of("")), passphrase.passphrase());
        } catch (KeyException | IllegalArgumentException refused) {
            throw StandaloneException.refused(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** Postgres may be away for a while. */
    private void signAgain(RevocationsSigning signing) {
        try {
            tell(signing.sign());
        } catch (DatabaseException away) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(
                    "modunest: the index cannot be reached, trying again: " + away.getMessage());
            err.flush();
        }
    }

    private void tell(Optional<Long> version) {
        PrintWriter out = spec.commandLine().getOut();
        version.ifPresent(signed -> out.println("signed revocations " + signed));
        if (version.isEmpty() && !watch) {
            out.println("nothing to sign: it was signed within the hour");
        }
        out.flush();
    }
}
