package dev.modunest.edge.cache;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The heads of stored responses on disk, so that they outlive a start: {@code responses.log}, a
 * {@link ResponseRecord} after another, the last of a URI counts. Written by one thread behind
 * those who store, not forced: after a crash the end may be missing, which costs fetches. Rewritten
 * when it is twice as long as what it tells. Thread-safe.
 */
public final class ResponseLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResponseLog.class);

    /** Records that wait for the disk; more are not written. */
    private static final int MAX_WAITING = 10_000;

    private static final long LEAST_REWRITE = 4 << 20;

    /** No URI is empty. */
    private static final ResponseRecord STOP = new ResponseRecord.Removed("");

    private final Path file;
    private final BlockingQueue<ResponseRecord> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Supplier<Stream<ResponseRecord>> all;
    private final Thread writer;
    private long length;
    private long rewriteAt = LEAST_REWRITE;

    private ResponseLog(Path file, Supplier<Stream<ResponseRecord>> all) {
        this.file = file;
        this.all = all;
        this.writer = Thread.ofVirtual().name("edge-response-log").unstarted(this::write);
    }

    /** Reads the log in {@code directory}, oldest first; what is damaged at its end is left out. */
    static void read(Path directory, Consumer<ResponseRecord> each) throws IOException {
        Path file = file(directory);
        if (!Files.exists(file)) {
            return;
        }
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 18))) {
            while (true) {
                int payload = in.readInt();
                int checksum = in.readInt();
                if (payload < 1 || payload > ResponseRecord.MAX_PAYLOAD) {
                    throw new IOException("a record of " + payload + " bytes");
                }
                byte[] bytes = in.readNBytes(payload);
                CRC32C crc = new CRC32C();
                crc.update(bytes);
                if (bytes.length < payload || (int) crc.getValue() != checksum) {
                    throw new IOException("a record with a wrong checksum");
                }
                each.accept(ResponseRecord.decode(bytes));
            }
        } catch (EOFException end) {
            LOG.debug("{} is read", file);
        } catch (IOException damaged) {
            LOG.warn("the rest of {} is left out: {}", file, damaged.getMessage());
        }
    }

    /** Begins a new log with {@code all}, which is asked again whenever the log is rewritten. */
    static ResponseLog start(Path directory, Supplier<Stream<ResponseRecord>> all)
            throws IOException {
        ResponseLog log = new ResponseLog(file(directory), all);
        log.rewrite();
        log.writer.start();
        return log;
    }

    /** Has a record written soon. */
    void append(ResponseRecord record) {
        if (!waiting.offer(record)) {
            LOG.debug("a response is not logged: {} wait for the disk", MAX_WAITING);
        }
    }

    @Override
    public void close() {
        try {
            waiting.put(STOP);
            writer.join();
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        List<ResponseRecord> batch = new ArrayList<>();
        try {
            while (!batch.contains(STOP)) {
                batch.clear();
                batch.add(waiting.take());
                waiting.drainTo(batch);
                append(batch.stream().filter(record -> !record.equals(STOP)).toList());
            }
        } catch (InterruptedException impossible) {
            throw new IllegalStateException("nobody interrupts this thread", impossible);
        }
    }

    private void append(List<ResponseRecord> batch) {
        try {
            add(batch);
            if (length > rewriteAt) {
                rewrite();
            }
        } catch (IOException unwritable) {
            LOG.error("responses are not logged: {}", unwritable.toString());
        }
    }

    private void add(List<ResponseRecord> batch) throws IOException {
        try (OutputStream out =
                new BufferedOutputStream(
                        Files.newOutputStream(
                                file, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
            for (ResponseRecord record : batch) {
                length += write(record, out);
            }
        }
    }

    private void rewrite() throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        long written = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(next), 1 << 18);
                Stream<ResponseRecord> records = all.get()) {
            for (var each = records.iterator(); each.hasNext(); ) {
                written += write(each.next(), out);
            }
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        length = written;
        rewriteAt = Math.max(LEAST_REWRITE, 2 * written);
    }

    private static int write(ResponseRecord record, OutputStream out) throws IOException {
        byte[] bytes = record.encode();
        if (bytes.length - ResponseRecord.HEADER > ResponseRecord.MAX_PAYLOAD) {
            return 0;
        }
        out.write(bytes);
        return bytes.length;
    }

    private static Path file(Path directory) {
        return directory.resolve("responses.log");
    }
}
