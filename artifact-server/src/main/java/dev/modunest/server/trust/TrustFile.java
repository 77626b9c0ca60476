package dev.modunest.server.trust;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.Signer;
import dev.modunest.server.key.KeyLocation;
import dev.modunest.server.key.KeyStorage;
import dev.modunest.server.key.Passphrase;
import dev.modunest.server.key.Pem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * {@code trust.json}: which key is for what, where it is, and its certificate. Paths are those of
 * its directory. {@code docs/operations/trust.md} has its form.
 */
public final class TrustFile {

    public static final String NAME = "trust.json";
    public static final String REGISTRY = "registry";
    public static final String TIME_STAMPING = "tsa";
    public static final String ROOT = "root";
    public static final String LOG = "log";
    public static final String TUF = "tuf";
    public static final String REVOCATIONS = "revocations";
    public static final String AUTHORITIES = "authorities";
    public static final String ISSUES = "issues";
    public static final String CERTIFICATE = "certificate";
    public static final String KEY = "key";
    public static final String LISTED = "listed";
    static final String PASSPHRASE_VARIABLE = "passphrase_variable";
    static final String PASSPHRASE_FILE = "passphrase_file";

    private final Path directory;
    private final ObjectNode content;

    private TrustFile(Path directory, ObjectNode content) {
        this.directory = directory;
        this.content = content;
    }

    /** That of the directory; empty when there is none. Throws IllegalArgumentException. */
    public static Optional<TrustFile> find(Path directory) {
        try {
            return Optional.of(
                    new TrustFile(
                            directory,
                            StrictJson.object(Files.readAllBytes(directory.resolve(NAME)))));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(NAME + " cannot be read: " + unreadable);
        }
    }

    /** A new one, not written yet. */
    public static TrustFile create(Path directory, String name) {
        return new TrustFile(directory, StrictJson.JSON.createObjectNode().put("name", name));
    }

    public Path directory() {
        return directory;
    }

    public String name() {
        return StrictJson.text(content, "name")
                .orElseThrow(() -> new IllegalArgumentException(NAME + " has no name"));
    }

    /** Changed by the caller, kept by {@link #write}. */
    public ObjectNode content() {
        return content;
    }

    /** The ids of the issuing authorities, in the order in which they were made. */
    public List<String> authorities() {
        return content.path(AUTHORITIES).propertyStream().map(entry -> entry.getKey()).toList();
    }

    /** The key of a part. Throws KeyException or IllegalArgumentException with what is wrong. */
    public Signer signer(KeyStorage storage, String... path) {
        JsonNode part = at(path);
        return storage.open(KeyLocation.parse(named(part, KEY), directory), passphrase(part));
    }

    /** The certificate of a part. Throws KeyException or IllegalArgumentException so. */
    public X509Certificate certificate(String... path) {
        return Pem.readCertificate(directory.resolve(named(at(path), CERTIFICATE)));
    }

    private static String named(JsonNode part, String field) {
        return StrictJson.text(part, field)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        NAME
                                                + " names no "
                                                + field
                                                + "; make it with ./modunest ceremony"));
    }

    private Passphrase passphrase(JsonNode part) {
        return StrictJson.text(part, PASSPHRASE_VARIABLE)
                .<Passphrase>map(Passphrase.OfVariable::new)
                .or(
                        () ->
                                StrictJson.text(part, PASSPHRASE_FILE)
                                        .map(
                                                path ->
                                                        new Passphrase.OfFile(
                                                                directory.resolve(path))))
                .orElseGet(Passphrase.None::new);
    }

    /** A part that names a key and where its passphrase comes from. */
    public static ObjectNode part(String key, Passphrase passphrase) {
        ObjectNode part = StrictJson.JSON.createObjectNode().put(KEY, key);
        switch (passphrase) {
            case Passphrase.None _ -> {
                // Nothing to be named.
            }
            case Passphrase.OfVariable(String name) -> part.put(PASSPHRASE_VARIABLE, name);
            case Passphrase.OfFile(Path path) ->
                    part.put(PASSPHRASE_FILE, path.toAbsolutePath().toString());
            case Passphrase.Typed _ ->
                    throw new IllegalArgumentException(
                            "a server needs the passphrase without a person; name a variable or a file");
        }
        return part;
    }

    JsonNode at(String... path) {
        JsonNode node = content;
        for (String field : path) {
            node = node.path(field);
        }
        return node;
    }

    /** In the place of what was there, whole or not at all. */
    public void write() {
        Path file = directory.resolve(NAME);
        Path next = directory.resolve(NAME + ".next");
        try {
            Files.createDirectories(directory);
            Files.writeString(
                    next,
                    StrictJson.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content)
                            + "\n",
                    StandardCharsets.UTF_8);
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is written", impossible);
        } catch (IOException failed) {
            throw new UncheckedIOException(file + " cannot be written", failed);
        }
    }
}
