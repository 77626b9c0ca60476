package dev.modunest.loader.resolve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.LoaderOptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The generations of one host: {@code <n>.lock.json}, and {@code good.json} with the numbers of
 * those that ran as a whole. A number gets into {@code good.json} after its plugins run, so that a
 * crash on the way leaves the one before. Not thread-safe.
 */
public final class GenerationFiles {

    private static final String GOOD = "good.json";
    private static final String HOLDERS = "lock-holders";
    private static final Pattern LOCK = Pattern.compile("([1-9][0-9]{0,8})\\.lock\\.json");

    private final Path folder;
    private final Path cache;
    private final int kept;

    public GenerationFiles(LoaderOptions options) {
        this.cache = options.cacheDirectory();
        this.folder = options.reload().directory().orElse(cache.resolve("generations"));
        this.kept = options.reload().generations();
    }

    /** The numbers of those that ran, the present one last. */
    public List<Integer> good() {
        return reading(
                () -> {
                    Path file = folder.resolve(GOOD);
                    List<Integer> numbers = new ArrayList<>();
                    if (Files.exists(file)) {
                        for (JsonNode number : Json.MAPPER.readTree(file.toFile()).path("good")) {
                            numbers.add(number.intValue());
                        }
                    }
                    return List.copyOf(numbers);
                });
    }

    public Optional<Integer> current() {
        List<Integer> good = good();
        return good.isEmpty() ? Optional.empty() : Optional.of(good.getLast());
    }

    public Lock read(int number) {
        return reading(() -> LockJson.read(Files.readString(file(number))));
    }

    /** Keeps {@code lock}, which does not run yet, under a number of its own. */
    public int add(Lock lock) {
        return reading(
                () -> {
                    int number = 1 + highest();
                    DurableFile.write(
                            file(number),
                            LockJson.writeIndented(lock).getBytes(StandardCharsets.UTF_8));
                    holdArtifacts();
                    return number;
                });
    }

    /** Forgets one that does not run. */
    public void drop(int number) {
        reading(() -> Files.deleteIfExists(file(number)));
    }

    /** {@code number} runs as a whole: it is the last of those to go back to. */
    public void commit(int number) {
        List<Integer> good = new ArrayList<>(good());
        good.removeIf(known -> known == number);
        good.add(number);
        write(good);
    }

    /** The present one has been left for the one before it. */
    public void commitBack() {
        List<Integer> good = good();
        write(good.subList(0, good.size() - 1));
    }

    private void write(List<Integer> good) {
        List<Integer> last = good.subList(Math.max(0, good.size() - kept), good.size());
        reading(
                () -> {
                    ObjectNode node = Json.MAPPER.createObjectNode();
                    last.forEach(node.putArray("good")::add);
                    DurableFile.write(
                            folder.resolve(GOOD), (node + "\n").getBytes(StandardCharsets.UTF_8));
                    for (int number : numbers(folder)) {
                        if (!last.contains(number)) {
                            Files.deleteIfExists(file(number));
                        }
                    }
                    return true;
                });
    }

    private Path file(int number) {
        return folder.resolve(number + ".lock.json");
    }

    private int highest() throws IOException {
        return numbers(folder).stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private static List<Integer> numbers(Path folder) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.lock.json")) {
                for (Path file : files) {
                    Matcher name = LOCK.matcher(file.getFileName().toString());
                    if (name.matches()) {
                        numbers.add(Integer.parseInt(name.group(1)));
                    }
                }
            }
        }
        return numbers;
    }

    /** Leaves word in the cache where locks are that name its artifacts. */
    private void holdArtifacts() throws IOException {
        String here = folder.toAbsolutePath().normalize().toString();
        byte[] path = here.getBytes(StandardCharsets.UTF_8);
        Path holder = cache.resolve(HOLDERS).resolve(Digest.ofBytes(path).hex());
        if (!Files.exists(holder)) {
            DurableFile.write(holder, path);
        }
    }

    /** What the locks of all hosts that share the cache name. */
    public Set<Digest> namedArtifacts() {
        return reading(
                () -> {
                    Set<Digest> named = new HashSet<>();
                    Path installed = cache.resolve(Installation.LOCK_FILE);
                    if (Files.exists(installed)) {
                        addDigests(installed, named);
                    }
                    Path holders = cache.resolve(HOLDERS);
                    if (Files.isDirectory(holders)) {
                        try (DirectoryStream<Path> files = Files.newDirectoryStream(holders)) {
                            for (Path holder : files) {
                                Path other = Path.of(Files.readString(holder));
                                for (int number : numbers(other)) {
                                    addDigests(other.resolve(number + ".lock.json"), named);
                                }
                            }
                        }
                    }
                    return named;
                });
    }

    private static void addDigests(Path lock, Set<Digest> named) throws IOException {
        LockJson.read(Files.readString(lock))
                .plan()
                .steps()
                .forEach(step -> named.add(step.digest()));
    }

    /** Made when generations are used: a host that only loads does without. */
    private static final class Json {
        private static final JsonMapper MAPPER = new JsonMapper();
    }

    /** Work on files. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }

    private <T> T reading(Work<T> work) {
        try {
            return work.run();
        } catch (JsonProcessingException | IllegalArgumentException damaged) {
            throw new LoaderException(
                    "generation-damaged",
                    folder + " is damaged (" + damaged.getMessage() + "): restore or remove it",
                    damaged);
        } catch (IOException unusable) {
            throw new LoaderException(
                    "generation-unusable",
                    folder + " cannot be used for generations: " + unusable,
                    unusable);
        }
    }
}
