package dev.modunest.server.artifact;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What a crash left in staging: finished objects and unfinished multipart uploads. */
public final class AbandonedUploads {

    /** What one sweep removed. */
    public record Swept(int objects, int uploads) {}

    private final S3Client s3;
    private final String bucket;

    AbandonedUploads(S3Client s3, String bucket) {
        this.s3 = s3;
        this.bucket = bucket;
    }

    /**
     * Removes everything in staging that was begun before {@code before}.
     *
     * @param needed tells which of the keys are still needed
     */
    public Swept removeOlderThan(Instant before, Function<List<String>, Set<String>> needed) {
        try {
            return new Swept(removeObjects(before, needed), removeUploads(before));
        } catch (SdkException failed) {
            throw new StoreException("staging cannot be swept", failed);
        }
    }

    private int removeObjects(Instant before, Function<List<String>, Set<String>> needed) {
        int removed = 0;
        List<String> old =
                s3
                        .listObjectsV2Paginator(
                                list -> list.bucket(bucket).prefix(StoredObject.STAGING_PREFIX))
                        .contents()
                        .stream()
                        .filter(object -> object.lastModified().isBefore(before))
                        .map(S3Object::key)
                        .toList();
        Set<String> kept = needed.apply(old);
        for (String key : old) {
            if (kept.contains(key)) {
                continue;
            }
            s3.deleteObject(delete -> delete.bucket(bucket).key(key));
            removed++;
        }
        return removed;
    }

    private int removeUploads(Instant before) {
        int removed = 0;
        List<MultipartUpload> old =
                s3.listMultipartUploadsPaginator(list -> list.bucket(bucket)).uploads().stream()
                        .filter(upload -> upload.key().startsWith(StoredObject.STAGING_PREFIX))
                        .filter(upload -> upload.initiated().isBefore(before))
                        .toList();
        for (MultipartUpload upload : old) {
            s3.abortMultipartUpload(
                    abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()));
            removed++;
        }
        return removed;
    }
}
