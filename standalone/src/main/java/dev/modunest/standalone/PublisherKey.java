package dev.modunest.standalone;

import dev.modunest.format.sign.Signer;
import dev.modunest.server.key.KeyException;
import dev.modunest.server.key.KeyLocation;
import dev.modunest.server.key.KeyStorage;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;

/** The key that a publisher signs with, and where its certificates are kept. */
final class PublisherKey {

    static final String ALIAS = "signing";

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "The key: a PEM file, FILE#ALIAS of a PKCS#12, or pkcs11:CONFIGURATION#ALIAS; default ~/.modunest/keys/signing.pem, or .p12.")
    private @Nullable String key;

    @Mixin private PassphraseOptions passphrase = new PassphraseOptions();

    PublisherKey() {}

    static Path defaultFile(String ending) {
        return UpCommand.defaultData().resolve("keys").resolve(ALIAS + ending);
    }

    /** Where the certificate of a namespace is kept. */
    static Path certificate(String namespace) {
        return UpCommand.defaultData().resolve("certificates").resolve(namespace + ".pem");
    }

    /** Whether it was named. */
    boolean isGiven() {
        return key != null;
    }

    /** Whether it was named, or is where keygen leaves it. */
    boolean isThere() {
        return isGiven() || Files.exists(defaultFile(".pem")) || Files.exists(defaultFile(".p12"));
    }

    private String place() {
        if (key != null) {
            return key;
        }
        Path pkcs12 = defaultFile(".p12");
        Path pem = defaultFile(".pem");
        return Files.exists(pkcs12) && !Files.exists(pem) ? pkcs12 + "#" + ALIAS : pem.toString();
    }

    Signer open() {
        try {
            return new KeyStorage(System.getenv())
                    .open(KeyLocation.parse(place(), Path.of("")), passphrase.passphrase());
        } catch (KeyException refused) {
            throw StandaloneException.refused(
                    refused.getMessage() + "; ./modunest keygen makes a key", refused);
        }
    }
}
