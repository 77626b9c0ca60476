package dev.modunest.loader.resolve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.LoaderException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * What {@code install} keeps in a folder: {@code modunest.json}, which people write (registry and
 * requirements), and {@code modunest.lock.json}, the lock that it led to, which names no registry.
 *
 * @param lock empty before the first installation
 */
public record Installation(
        Optional<URI> registry, List<Requirement> requirements, Optional<Lock> lock) {

    public static final String REQUIREMENTS_FILE = "modunest.json";
    public static final String LOCK_FILE = "modunest.lock.json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    public Installation {
        requirements = List.copyOf(requirements);
    }

    public Optional<Plan> plan() {
        return lock.map(Lock::plan);
    }

    /** Reads {@code folder}; what is absent is empty. */
    public static Installation read(Path folder) {
        Optional<JsonNode> wanted = readFile(folder.resolve(REQUIREMENTS_FILE));
        Optional<String> lock = textOf(folder.resolve(LOCK_FILE));
        try {
            return new Installation(
                    wanted.map(node -> node.path("registry").textValue())
                            .map(Installation::registryOf),
                    wanted.map(node -> parse(node.path("requirements"))).orElse(List.of()),
                    lock.map(Installation::lockOf));
        } catch (IllegalArgumentException wrong) {
            throw new LoaderException(
                    "invalid-installation", folder + ": " + wrong.getMessage(), wrong);
        }
    }

    /** Reads a JSON array of {@code "namespace/name@range"}. */
    public static List<Requirement> readRequirements(Path file) {
        try {
            return parse(
                    readFile(file)
                            .orElseThrow(
                                    () -> new IllegalArgumentException("there is no such file")));
        } catch (IllegalArgumentException wrong) {
            throw new LoaderException(
                    "invalid-requirements", file + ": " + wrong.getMessage(), wrong);
        }
    }

    private static URI registryOf(String text) {
        URI uri = URI.create(text);
        if (uri.getHost() == null
                || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a registry: write http://host:port");
        }
        return uri;
    }

    private static List<Requirement> parse(JsonNode array) {
        if (!array.isArray()) {
            throw new IllegalArgumentException(
                    "the requirements must be a JSON array of \"namespace/name@range\"");
        }
        return StreamSupport.stream(array.spliterator(), false)
                .map(element -> Requirement.parse(element.asText()))
                .toList();
    }

    private static Lock lockOf(String json) {
        try {
            return LockJson.read(json);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(
                    LOCK_FILE
                            + ": "
                            + wrong.getMessage()
                            + " ('install --into' the folder solves what "
                            + REQUIREMENTS_FILE
                            + " requires)",
                    wrong);
        }
    }

    private static Optional<JsonNode> readFile(Path file) {
        Optional<String> text = textOf(file);
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(JSON.readTree(text.get()));
        } catch (JsonProcessingException wrong) {
            throw new LoaderException(
                    "invalid-installation",
                    file + " is not JSON: " + wrong.getOriginalMessage(),
                    wrong);
        }
    }

    private static Optional<String> textOf(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException unreadable) {
            throw new LoaderException(
                    "folder-unreadable", file + " cannot be read: " + unreadable, unreadable);
        }
    }

    /** Writes both files, or, when that fails, leaves what was there. */
    public void write(Path folder) throws IOException {
        Path file = folder.resolve(LOCK_FILE);
        byte @Nullable [] former = Files.exists(file) ? Files.readAllBytes(file) : null;
        Path newLock = writeBeside(file, lockJson());
        Path newWanted = writeBeside(folder.resolve(REQUIREMENTS_FILE), requirementsJson());
        move(newLock, file);
        try {
            move(newWanted, folder.resolve(REQUIREMENTS_FILE));
        } catch (IOException failed) {
            restore(file, former);
            throw failed;
        }
    }

    private static void restore(Path lock, byte @Nullable [] former) throws IOException {
        if (former == null) {
            Files.delete(lock);
        } else {
            move(writeBeside(lock, former), lock);
        }
    }

    private byte[] lockJson() {
        return LockJson.writeIndented(lock.orElseThrow()).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] requirementsJson() throws IOException {
        ObjectNode wanted = JSON.createObjectNode();
        registry.ifPresent(uri -> wanted.put("registry", uri.toString()));
        requirements.forEach(one -> wanted.withArray("requirements").add(one.toString()));
        return bytes(wanted);
    }

    private static byte[] bytes(JsonNode node) throws IOException {
        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node) + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Path writeBeside(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        return fresh;
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
}
