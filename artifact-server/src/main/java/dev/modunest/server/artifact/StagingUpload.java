package dev.modunest.server.artifact;

import dev.modunest.server.artifact.StoredObject.Staging;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One upload to a staging object: a single PutObject when it fits one part, a multipart upload when
 * it does not. Closed before {@link #complete} it leaves nothing. Not thread-safe.
 */
public final class StagingUpload implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StagingUpload.class);
    private static final int FIRST_BUFFER_BYTES = 64 * 1024;

    private final S3Client s3;
    private final String bucket;
    private final Staging staging;
    private final int partBytes;
    private final List<CompletedPart> parts = new ArrayList<>();

    private byte[] buffer;
    private int buffered;
    private @Nullable String uploadId;
    private boolean complete;

    StagingUpload(S3Client s3, String bucket, Staging staging, int partBytes) {
        this.s3 = s3;
        this.bucket = bucket;
        this.staging = staging;
        this.partBytes = partBytes;
        this.buffer = new byte[Math.min(FIRST_BUFFER_BYTES, partBytes)];
    }

    public Staging object() {
        return staging;
    }

    public void write(byte[] bytes, int offset, int length) {
        int from = offset;
        int end = offset + length;
        while (from < end) {
            if (buffered == partBytes) {
                sendPart();
            }
            growFor(end - from);
            int fits = Math.min(end - from, buffer.length - buffered);
            System.arraycopy(bytes, from, buffer, buffered, fits);
            buffered += fits;
            from += fits;
        }
    }

    private void growFor(int more) {
        if (buffered + more > buffer.length && buffer.length < partBytes) {
            int wanted = Math.max(buffer.length * 2, buffered + more);
            buffer = Arrays.copyOf(buffer, Math.min(wanted, partBytes));
        }
    }

    /** Makes the object visible in the bucket. */
    public void complete() {
        try {
            if (uploadId == null) {
                putWhole();
            } else {
                sendPart();
                completeParts(uploadId);
            }
            complete = true;
        } catch (SdkException failed) {
            throw new StoreException("an upload cannot be finished", failed);
        }
    }

    private void putWhole() {
        s3.putObject(
                PutObjectRequest.builder()
                        .bucket(bucket)
                        .key(staging.key())
                        .contentType(staging.mediaType())
                        .cacheControl(staging.cacheControl())
                        .build(),
                bufferedBody());
    }

    private void completeParts(String id) {
        s3.completeMultipartUpload(
                request ->
                        request.bucket(bucket)
                                .key(staging.key())
                                .uploadId(id)
                                .multipartUpload(upload -> upload.parts(parts)));
    }

    private void sendPart() {
        try {
            String id = uploadId == null ? begin() : uploadId;
            int number = parts.size() + 1;
            String tag =
                    s3.uploadPart(
                                    UploadPartRequest.builder()
                                            .bucket(bucket)
                                            .key(staging.key())
                                            .uploadId(id)
                                            .partNumber(number)
                                            .build(),
                                    bufferedBody())
                            .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
            buffered = 0;
        } catch (SdkException failed) {
            throw new StoreException("a part of an upload cannot be stored", failed);
        }
    }

    private String begin() {
        String id =
                s3.createMultipartUpload(
                                request ->
                                        request.bucket(bucket)
                                                .key(staging.key())
                                                .contentType(staging.mediaType())
                                                .cacheControl(staging.cacheControl()))
                        .uploadId();
        uploadId = id;
        return id;
    }

    /** The buffer itself, read anew by every try; the SDK's own byte bodies copy. */
    private RequestBody bufferedBody() {
        int length = buffered;
        return RequestBody.fromContentProvider(
                () -> new ByteArrayInputStream(buffer, 0, length), length, staging.mediaType());
    }

    /**
     * Removes what was stored unless the upload is complete; what cannot be removed the sweeper
     * finds.
     */
    @Override
    public void close() {
        buffer = new byte[0];
        if (complete || uploadId == null) {
            return;
        }
        String id = uploadId;
        try {
            s3.abortMultipartUpload(abort -> abort.bucket(bucket).key(staging.key()).uploadId(id));
        } catch (SdkException failed) {
            LOG.warn("the upload {} is left to the sweeper", staging.key(), failed);
        }
    }
}
