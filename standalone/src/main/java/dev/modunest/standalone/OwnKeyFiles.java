package dev.modunest.standalone;

import dev.modunest.format.sign.VerifyingKey;
import dev.modunest.format.trust.x509.Certificate;
import dev.modunest.server.key.KeyException;
import dev.modunest.server.key.KeyLocation;
import dev.modunest.server.key.KeyStorage;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.key.Pem;
import dev.modunest.standalone.monitor.OwnSigners;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names of the publisher's own keys, from files with certificates or public keys. */
final class OwnKeyFiles {

    private OwnKeyFiles() {}

    /** Of those files; without any, of the places where keygen and cert leave theirs. */
    static Set<String> read(List<Path> files, String namespace) throws IOException {
        Set<String> keys = new HashSet<>();
        for (Path file : files) {
            keys.add(OwnSigners.name(key(file)));
        }
        Path certificate = PublisherKey.certificate(namespace);
        Path key = PublisherKey.defaultFile(".pem");
        if (files.isEmpty() && Files.isReadable(certificate)) {
            keys.add(OwnSigners.name(key(certificate)));
        }
        if (files.isEmpty() && Files.isReadable(key)) {
            privateKey(key).ifPresent(own -> keys.add(OwnSigners.name(own)));
        }
        return keys;
    }

    /** The first of a file: a certificate of ours is followed by that of the authority. */
    private static VerifyingKey key(Path file) throws IOException {
        try {
            for (Pem.Block block :
                    Pem.blocks(Files.readString(file, StandardCharsets.ISO_8859_1))) {
                switch (block.label()) {
                    case Pem.CERTIFICATE -> {
                        return VerifyingKey.ofSpki(Certificate.parse(block.der()).key().spki());
                    }
                    case "PUBLIC KEY" -> {
                        return VerifyingKey.ofSpki(block.der());
                    }
                    default -> {
                        // A private key may stand before its certificate.
                    }
                }
            }
        } catch (IllegalArgumentException malformed) {
            throw StandaloneException.wrongUse(file + ": " + malformed.getMessage());
        } catch (NoSuchFileException absent) {
            throw StandaloneException.wrongUse(file + " cannot be read");
        }
        return privateKey(file)
                .orElseThrow(
                        () ->
                                StandaloneException.wrongUse(
                                        file
                                                + " has neither certificate nor public key in PEM; make it: openssl pkey -pubout -in KEY"));
    }

    /** An encrypted one stays closed: its certificate says as much. */
    private static Optional<VerifyingKey> privateKey(Path file) {
        try {
            return Optional.of(
                    new KeyStorage(Map.of())
                            .open(new KeyLocation.PemFile(file), new Passphrase.None())
                            .key());
        } catch (KeyException closed) {
            return Optional.empty();
        }
    }
}
