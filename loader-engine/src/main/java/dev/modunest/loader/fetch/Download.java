package dev.modunest.loader.fetch;

import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Plan;

import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;

/** An artifact on its way to a file: hashed as it comes, held to the size of the plan. */
final class Download implements AutoCloseable {

    private final Plan.Step step;
    private final Path file;
    private final FileChannel channel;
    private final MessageDigest sha256 = Digest.newMessageDigest();
    private String entityTag;
    private long received;

    private Download(Path file, FileChannel channel, Plan.Step step) {
        this.file = file;
        this.channel = channel;
        this.step = step;
        this.entityTag = step.digest().entityTag();
    }

    static Download to(Path file, Plan.Step step) throws IOException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new Download(file, channel, step);
    }

    /** Range and If-Range (RFC 9110 13.1.5, 14.2) for what is missing, when there is a start. */
    void askForTheRest(HttpRequest.Builder request) {
        if (received > 0) {
            request.header("Range", "bytes=" + received + "-").header("If-Range", entityTag);
        }
    }

    /** The answer holds the whole artifact. */
    void restart(HttpHeaders headers) throws IOException {
        headers.firstValue("ETag")
                .filter(tag -> !tag.startsWith("W/"))
                .ifPresent(tag -> entityTag = tag);
        restart();
    }

    Plan.Step step() {
        return step;
    }

    /** Forgets what came. */
    void restart() throws IOException {
        received = 0;
        channel.truncate(0);
        sha256.reset();
    }

    /** The answer goes on where the last one broke. */
    void resume(HttpHeaders headers) throws IOException {
        String range = headers.firstValue("Content-Range").orElse("");
        if (!range.startsWith("bytes " + received + "-")) {
            long asked = received;
            restart();
            throw new IOException("asked for bytes from " + asked + ", got '" + range + "'");
        }
    }

    void append(List<ByteBuffer> buffers) throws IOException, FetchException {
        for (ByteBuffer buffer : buffers) {
            received += buffer.remaining();
            if (received > step.size()) {
                throw new FetchException(
                        "size-mismatch",
                        "the registry sent more than the " + step.size() + " bytes of the plan");
            }
            sha256.update(buffer.duplicate());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }

    boolean isComplete() {
        return received == step.size();
    }

    /** The file, when it is the artifact. */
    Path finish() throws FetchException {
        Digest actual = Digest.finish(sha256);
        if (!actual.equals(step.digest())) {
            throw new FetchException(
                    "digest-mismatch",
                    "the registry sent " + actual + " and the plan names " + step.digest());
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(file);
    }
}
