package dev.modunest.server.key;

import dev.modunest.format.sign.VerifyingKey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Public keys as SubjectPublicKeyInfo in PEM, which holders of keys hand to each other. */
public final class PublicKeyFiles {

    private static final String PUBLIC_KEY = "PUBLIC KEY";

    private PublicKeyFiles() {}

    /** The first public key of a file. Throws {@link KeyException}. */
    public static VerifyingKey read(Path file) {
        try {
            for (Pem.Block block :
                    Pem.blocks(Files.readString(file, StandardCharsets.ISO_8859_1))) {
                if (block.label().equals(PUBLIC_KEY)) {
                    return VerifyingKey.ofSpki(block.der());
                }
            }
            throw new KeyException(
                    file + " has no public key in PEM; make it: openssl pkey -pubout -in KEY");
        } catch (IOException unreadable) {
            throw new KeyException(file + " cannot be read: " + unreadable.getMessage());
        } catch (IllegalArgumentException malformed) {
            throw new KeyException(file + ": " + malformed.getMessage());
        }
    }

    /** Writes a file that is not there yet. */
    public static void write(Path file, VerifyingKey key) {
        OwnFiles.create(file, Pem.text(PUBLIC_KEY, key.spki()).getBytes(StandardCharsets.US_ASCII));
    }
}
