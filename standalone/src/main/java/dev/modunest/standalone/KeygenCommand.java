package dev.modunest.standalone;

import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.server.key.KeyException;
import dev.modunest.server.key.KeyFiles;
import dev.modunest.server.x509.CertificateProfile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Makes the key that a publisher signs releases with. */
@Command(
        name = "keygen",
        mixinStandardHelpOptions = true,
        description = "Makes a key to sign releases with, readable by you alone.",
        footer = {
            "",
            "Next: ./modunest cert request NAMESPACE",
            "Exit code: 0 when it was made, 1 when not, 2 for bad usage."
        })
final class KeygenCommand implements Callable<Integer> {

    /** The kinds of keys that the registry certifies. */
    enum Type {
        p256,
        ed25519
    }

    /** The files that a key is kept in. */
    enum Format {
        pem,
        pkcs12
    }

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where it is kept; default ~/.modunest/keys/signing.pem, or .p12. Nothing is written over.")
    private @Nullable Path out;

    @Option(
            names = "--type",
            defaultValue = "p256",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Type type = Type.p256;

    @Option(
            names = "--format",
            defaultValue = "pem",
            description =
                    "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}. A PKCS#12 needs a passphrase, and has the alias 'signing'.")
    private Format format = Format.pem;

    @Mixin private PassphraseOptions passphrase = new PassphraseOptions();

    @Spec private CommandSpec spec;

    KeygenCommand() {}

    @Override
    public Integer call() {
        KeyPair pair =
                KeyPairSigner.generate(
                        type == Type.p256
                                ? SignatureAlgorithm.ECDSA_P256
                                : SignatureAlgorithm.ED25519);
        Path file =
                out == null
                        ? PublisherKey.defaultFile(format == Format.pem ? ".pem" : ".p12")
                        : out;
        try {
            write(file, pair, passphrase.passphrase().read(System.getenv()));
        } catch (KeyException refused) {
            throw StandaloneException.refused(String.valueOf(refused.getMessage()), refused);
        }
        PrintWriter console = spec.commandLine().getOut();
        console.println("key   " + file);
        console.println("id    " + new KeyPairSigner(pair).key().id());
        console.flush();
        return 0;
    }

    private void write(Path file, KeyPair pair, Optional<char[]> secret) {
        switch (format) {
            case pem -> KeyFiles.writePem(file, pair, secret);
            case pkcs12 ->
                    KeyFiles.writePkcs12(
                            file,
                            PublisherKey.ALIAS,
                            pair,
                            List.of(
                                    CertificateProfile.placeholder(
                                            new KeyPairSigner(pair), Instant.now())),
                            secret.orElseThrow(
                                    () ->
                                            StandaloneException.wrongUse(
                                                    "a PKCS#12 needs a passphrase; give --passphrase-env, --passphrase-file or --ask-passphrase")));
        }
    }
}
