package dev.modunest.edge.counts;

import dev.modunest.edge.metrics.EdgeMetrics;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Batches of counts on disk until the origin has acknowledged them: {@code <sequence>.json}, forced
 * to the disk before its name. What has been acknowledged is renamed to {@code <sequence>.done} and
 * the one before removed, so that a sequence number is never used again. {@code source} has the id
 * that the numbers are of. Used by one thread.
 */
final class BatchSpool {

    private static final Logger LOG = LoggerFactory.getLogger(BatchSpool.class);
    private static final Pattern NAME = Pattern.compile("(\\d{1,18})\\.(json|done)");

    private final Path directory;
    private final CountSettings settings;
    private final EdgeMetrics metrics;
    private final String source;
    private final NavigableMap<Long, Path> waiting = new TreeMap<>();
    private long last;

    BatchSpool(Path directory, CountSettings settings, EdgeMetrics metrics) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.settings = settings;
        this.metrics = metrics;
        this.source = source();
        scan();
    }

    int size() {
        return waiting.size();
    }

    /**
     * Puts counts on disk, as a batch of their own, or with the last one when {@code max_batches}
     * wait. The first one may be on its way to the origin, and so is never changed.
     */
    void add(Map<DownloadBatch.Key, Long> counts) throws IOException {
        if (counts.isEmpty()) {
            return;
        }
        DownloadBatch empty = new DownloadBatch(source, last + 1, Map.of());
        if (waiting.size() >= settings.maxBatches()) {
            empty = read(waiting.lastEntry().getValue()).orElse(empty);
        }
        DownloadBatch batch = empty.with(counts, settings.maxDistinct());
        long lost =
                empty.downloads()
                        + counts.values().stream().mapToLong(Long::longValue).sum()
                        - batch.downloads();
        if (lost > 0) {
            metrics.downloadsDropped(lost);
        }
        Path file = directory.resolve(batch.sequence() + ".json");
        write(file, batch.toJson().getBytes());
        last = Math.max(last, batch.sequence());
        waiting.put(batch.sequence(), file);
    }

    /** The batch that is to be sent next. */
    Optional<DownloadBatch> first() {
        while (!waiting.isEmpty()) {
            Map.Entry<Long, Path> entry = waiting.firstEntry();
            Optional<DownloadBatch> batch = read(entry.getValue());
            if (batch.isPresent()) {
                return batch;
            }
            done(entry.getKey());
        }
        return Optional.empty();
    }

    /** The origin has it, or will never take it. */
    void done(long sequence) {
        Path file = waiting.remove(sequence);
        if (file == null) {
            return;
        }
        try {
            Files.move(
                    file,
                    directory.resolve(sequence + ".done"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            try (Stream<Path> files = Files.list(directory)) {
                for (Path older : files.filter(other -> isDoneBefore(other, sequence)).toList()) {
                    Files.delete(older);
                }
            }
        } catch (IOException unwritable) {
            LOG.warn("{} is sent again at the next start: {}", file, unwritable.toString());
        }
    }

    private static boolean isDoneBefore(Path file, long sequence) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        return name.matches()
                && name.group(2).equals("done")
                && Long.parseLong(name.group(1)) < sequence;
    }

    private Optional<DownloadBatch> read(Path file) {
        try {
            return Optional.of(DownloadBatch.read(Files.readAllBytes(file)));
        } catch (IOException | IllegalArgumentException damaged) {
            LOG.error("the counts in {} are lost: {}", file, damaged.toString());
            return Optional.empty();
        }
    }

    private String source() throws IOException {
        Path file = directory.resolve("source");
        if (Files.exists(file)) {
            return UUID.fromString(Files.readString(file).strip()).toString();
        }
        String made = UUID.randomUUID().toString();
        write(file, made.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return made;
    }

    private void scan() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    long sequence = Long.parseLong(name.group(1));
                    last = Math.max(last, sequence);
                    if (name.group(2).equals("json")) {
                        waiting.put(sequence, file);
                    }
                }
            }
        }
    }

    private void write(Path file, byte[] content) throws IOException {
        Path next = directory.resolve("next");
        try (FileChannel out =
                FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(directory, StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}
