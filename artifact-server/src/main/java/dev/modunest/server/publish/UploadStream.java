package dev.modunest.server.publish;

import dev.modunest.format.Digest;
import dev.modunest.server.artifact.StagingUpload;
import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.settings.ByteSize;

import java.io.InputStream;
import java.security.MessageDigest;

/**
 * The body of a publish while it is read: whoever reads it pulls the bytes through the digest, the
 * limits and the upload to staging. Not thread-safe.
 */
final class UploadStream extends InputStream {

    private static final int SKIP_BYTES = 64 * 1024;

    private final BodyStream body;
    private final StagingUpload staging;
    private final long maxBytes;
    private final UploadPace pace;
    private final MessageDigest sha256 = Digest.newMessageDigest();

    UploadStream(BodyStream body, StagingUpload staging, UploadConfig config) {
        this.body = body;
        this.staging = staging;
        this.maxBytes = config.maxSize().bytes();
        this.pace = new UploadPace(config, System::nanoTime);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        int read = body.read(bytes, offset, length, pace);
        if (read > 0) {
            checkLimits();
            sha256.update(bytes, offset, read);
            staging.write(bytes, offset, read);
        }
        return read;
    }

    private void checkLimits() {
        if (body.count() > maxBytes) {
            throw tooLarge("The body has more than " + maxBytes + " bytes", maxBytes);
        }
        pace.checkDuration();
    }

    static Rejection tooLarge(String actual, long limit) {
        return new Rejection(
                ProblemCode.UPLOAD_TOO_LARGE,
                actual
                        + " and the limit for an artifact is "
                        + limit
                        + " ("
                        + ByteSize.describe(limit)
                        + "); make it smaller, or ask the operator to raise upload.max_size");
    }

    /** Reads what is left. */
    void readToEnd() {
        byte[] buffer = new byte[SKIP_BYTES];
        int read;
        do {
            read = read(buffer, 0, buffer.length);
        } while (read >= 0);
    }

    /** Of everything read; once. */
    Digest digest() {
        return Digest.finish(sha256);
    }

    long count() {
        return body.count();
    }
}
