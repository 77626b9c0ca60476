package dev.modunest.standalone;

import dev.modunest.server.ceremony.Ceremony;
import dev.modunest.server.ceremony.Certified;
import dev.modunest.server.key.Pem;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Makes the keys and certificates of a registry, {@code docs/operations/trust.md}. */
@Command(
        name = "ceremony",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Makes and renews the keys and certificates of a registry.",
        subcommands = CeremonyTufCommand.class,
        footer = {
            "",
            "init makes all at once, for a trial. For a registry that others rely on:",
            "  offline:  root --name HOST",
            "  server:   request --as i1 --name HOST; request --as tsa --name HOST",
            "  offline:  certify --as i1 --name HOST --request FILE --out FILE; the same --as tsa",
            "  server:   install --as i1 --certificate FILE --root FILE; the same --as tsa",
            "  server:   registry; log; tuf-keys; trusted-root",
            "Exit code: 0 when it is done, 1 when not and nothing was changed, 2 for bad usage."
        })
final class CeremonyCommand implements Runnable {

    /** What every step is told. */
    static final class Place {

        @Option(
                names = "--dir",
                paramLabel = "DIR",
                defaultValue = "modunest-trust",
                description = "The trust directory; default ${DEFAULT-VALUE}.")
        private Path directory = Path.of("modunest-trust");

        @Mixin private PassphraseOptions passphrase = new PassphraseOptions();

        Place() {}

        private Ceremony ceremony() {
            return new Ceremony(
                    directory, System.getenv(), passphrase.passphrase(), InstantSource.system());
        }
    }

    @Spec private CommandSpec spec;

    CeremonyCommand() {}

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a step of ceremony");
    }

    /** What may be refused, with its fix. */
    private interface Work {
        String done() throws IOException;
    }

    private int step(Work work) throws IOException {
        try {
            spec.commandLine().getOut().println(work.done());
            spec.commandLine().getOut().flush();
            return 0;
        } catch (IllegalArgumentException | IllegalStateException refused) {
            throw StandaloneException.refused(String.valueOf(refused.getMessage()), refused);
        }
    }

    private static Certified part(String as) {
        return as.equals("tsa") ? new Certified.TimeStamping() : new Certified.Issuing(as);
    }

    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description = "Makes everything at once, the offline keys in DIR/offline: for a trial.")
    int init(
            @Mixin Place place,
            @Option(names = "--name", required = true, description = "The registry's host name.")
                    String name)
            throws IOException {
        return step(
                () -> {
                    if (Files.exists(place.directory.resolve("trust.json"))) {
                        throw new IllegalArgumentException(
                                place.directory + " has keys already; name another directory");
                    }
                    place.ceremony().everything(name);
                    return "made "
                            + place.directory
                            + "; take "
                            + place.directory.resolve("offline")
                            + " off this machine";
                });
    }

    @Command(
            name = "root",
            mixinStandardHelpOptions = true,
            description = "Makes the root key and its certificate; on a machine without a network.")
    int root(
            @Mixin Place place,
            @Option(names = "--name", required = true, description = "The registry's host name.")
                    String name)
            throws IOException {
        return step(
                () -> {
                    X509Certificate root = place.ceremony().root(name);
                    place.ceremony().tufOffline();
                    return "root valid until " + root.getNotAfter().toInstant();
                });
    }

    @Command(
            name = "request",
            mixinStandardHelpOptions = true,
            description = "Makes the key of an authority and the request that the root certifies.")
    int request(
            @Mixin Place place,
            @Option(names = "--name", required = true, description = "The registry's host name.")
                    String name,
            @Option(names = "--as", required = true, description = "i1, i2 and so on, or tsa.")
                    String as,
            @Option(
                            names = "--key",
                            description =
                                    "A key that is there: FILE#ALIAS or pkcs11:CONFIGURATION#ALIAS.")
                    @Nullable String key,
            @Option(names = "--out", required = true, description = "The request, PEM.") Path out)
            throws IOException {
        return step(
                () -> {
                    byte[] request =
                            place.ceremony().request(name, part(as), Optional.ofNullable(key));
                    Files.writeString(out, Pem.text(Pem.REQUEST, request));
                    return "wrote " + out + "; have the root certify it";
                });
    }

    @Command(
            name = "certify",
            mixinStandardHelpOptions = true,
            description = "Certifies a request with the root; where the root is.")
    int certify(
            @Mixin Place place,
            @Option(names = "--name", required = true, description = "The registry's host name.")
                    String name,
            @Option(names = "--as", required = true, description = "i1, i2 and so on, or tsa.")
                    String as,
            @Option(names = "--request", required = true, description = "The request.")
                    Path request,
            @Option(names = "--out", required = true, description = "The certificate, PEM.")
                    Path out)
            throws IOException {
        return step(
                () -> {
                    X509Certificate certificate =
                            place.ceremony().certify(name, part(as), Files.readAllBytes(request));
                    Files.writeString(out, Pem.text(certificate), StandardCharsets.US_ASCII);
                    return "wrote "
                            + out
                            + ", valid until "
                            + certificate.getNotAfter().toInstant();
                });
    }

    @Command(
            name = "install",
            mixinStandardHelpOptions = true,
            description = "Takes a certificate of the root into use.")
    int install(
            @Mixin Place place,
            @Option(names = "--as", required = true, description = "i1, i2 and so on, or tsa.")
                    String as,
            @Option(names = "--certificate", required = true, description = "The certificate.")
                    Path certificate,
            @Option(names = "--root", required = true, description = "That of the root.") Path root)
            throws IOException {
        return step(
                () -> {
                    place.ceremony()
                            .install(
                                    part(as),
                                    Pem.readCertificate(certificate),
                                    Pem.readCertificate(root));
                    return as + " is in use once the servers are started again";
                });
    }

    @Command(
            name = "registry",
            mixinStandardHelpOptions = true,
            description = "Makes the key by which the registry signs, certified for 90 days.")
    int registry(@Mixin Place place) throws IOException {
        return step(
                () ->
                        "registry valid until "
                                + place.ceremony().registry().getNotAfter().toInstant());
    }

    @Command(
            name = "log",
            mixinStandardHelpOptions = true,
            description = "Makes the keys of this year's shard of the log.")
    int log(@Mixin Place place) throws IOException {
        return step(
                () -> {
                    place.ceremony().log();
                    return "made the keys of the log";
                });
    }

    @Command(
            name = "tuf-keys",
            mixinStandardHelpOptions = true,
            description = "Makes the online keys of TUF.")
    int tufKeys(
            @Mixin Place place,
            @Option(names = "--revocations", description = "The key of the role that revokes.")
                    boolean revocations)
            throws IOException {
        return step(
                () -> {
                    if (revocations) {
                        place.ceremony().revocations();
                    } else {
                        place.ceremony().tufOnline();
                    }
                    return "made the keys of TUF";
                });
    }

    @Command(
            name = "root-list",
            mixinStandardHelpOptions = true,
            description =
                    "Signs the next list of revoked authorities, DIR/pki/root-r1.crl; where the root is.")
    int rootList(
            @Mixin Place place,
            @Option(
                            names = "--revoke",
                            paramLabel = "FILE",
                            description = "The certificate of an authority in other hands.")
                    @Nullable Path revoked,
            @Option(
                            names = "--since",
                            paramLabel = "INSTANT",
                            description =
                                    "From when what it certified signs badly; default: from its beginning.")
                    @Nullable Instant since)
            throws IOException {
        return step(
                () -> {
                    Optional<X509Certificate> authority =
                            Optional.ofNullable(revoked).map(Pem::readCertificate);
                    Instant from =
                            Optional.ofNullable(since)
                                    .or(() -> authority.map(one -> one.getNotBefore().toInstant()))
                                    .orElse(Instant.EPOCH);
                    return "wrote "
                            + place.ceremony().rootList(authority, from)
                            + "; copy it to pki/ of every server";
                });
    }

    @Command(
            name = "trusted-root",
            mixinStandardHelpOptions = true,
            description = "Writes trusted_root.json: what verifiers may believe.")
    int trustedRoot(@Mixin Place place) throws IOException {
        return step(() -> "wrote " + place.ceremony().trustedRoot());
    }
}
