package dev.modunest.server.artifact;

import dev.modunest.format.Digest;
import dev.modunest.server.artifact.StoredObject.Artifact;
import dev.modunest.server.artifact.StoredObject.Staging;

import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalLong;

/** The objects in the bucket. Everything here throws {@link StoreException}. Thread-safe. */
public final class ArtifactStore implements AutoCloseable {

    private static final int PIECE = 64 << 10;

    private final S3Client s3;
    private final S3Config config;

    private ArtifactStore(S3Client s3, S3Config config) {
        this.s3 = s3;
        this.config = config;
    }

    /** Connects, and makes the bucket when there is none. */
    public static ArtifactStore open(S3Config config) {
        return open(config, (_, _, _) -> {});
    }

    /** As {@link #open(S3Config)}; {@code observer} is told of every call. */
    public static ArtifactStore open(S3Config config, StoreObserver observer) {
        ArtifactStore store = new ArtifactStore(S3Clients.create(config, observer), config);
        try {
            store.makeBucketIfMissing();
            return store;
        } catch (StoreException unusable) {
            store.close();
            throw unusable;
        }
    }

    /** Connects to a bucket that exists. */
    public static ArtifactStore openExisting(S3Config config) {
        ArtifactStore store = new ArtifactStore(S3Clients.create(config, (_, _, _) -> {}), config);
        try {
            store.ping();
            return store;
        } catch (StoreException unusable) {
            store.close();
            throw unusable;
        }
    }

    private void makeBucketIfMissing() {
        try {
            s3.headBucket(head -> head.bucket(config.bucket()));
        } catch (NoSuchBucketException missing) {
            makeBucket();
        } catch (SdkException failed) {
            throw new StoreException(
                    "the bucket "
                            + config.bucket()
                            + " cannot be read"
                            + config.endpoint().map(at -> " at " + at).orElse(""),
                    failed);
        }
    }

    private void makeBucket() {
        try {
            s3.createBucket(create -> create.bucket(config.bucket()));
        } catch (BucketAlreadyOwnedByYouException another) {
            // Another instance was faster.
        } catch (SdkException failed) {
            throw new StoreException(
                    "the bucket " + config.bucket() + " does not exist and cannot be made", failed);
        }
    }

    /** Whether the storage answers; throws when it does not. */
    public void ping() {
        try {
            s3.headBucket(head -> head.bucket(config.bucket()));
        } catch (SdkException failed) {
            throw new StoreException("the bucket cannot be read", failed);
        }
    }

    /**
     * Begins an upload that goes out in parts of {@code partBytes}, one of which is held in memory.
     */
    public StagingUpload stage(Staging staging, int partBytes) {
        return new StagingUpload(s3, config.bucket(), staging, partBytes);
    }

    /**
     * Makes the staged bytes the artifact, inside the storage; an artifact of that size stays as it
     * is.
     */
    public void promote(Staging staging, Artifact artifact, long size) {
        try {
            if (size(artifact).orElse(-1) == size) {
                return;
            }
            s3.copyObject(
                    copy ->
                            copy.sourceBucket(config.bucket())
                                    .sourceKey(staging.key())
                                    .destinationBucket(config.bucket())
                                    .destinationKey(artifact.key())
                                    .metadataDirective(MetadataDirective.REPLACE)
                                    .contentType(artifact.mediaType())
                                    .cacheControl(artifact.cacheControl())
                                    .overrideConfiguration(
                                            call ->
                                                    call.apiCallTimeout(config.copyTimeout())
                                                            .apiCallAttemptTimeout(
                                                                    config.copyTimeout())));
        } catch (SdkException failed) {
            throw new StoreException("a staged upload cannot be copied to its artifact", failed);
        }
    }

    /** Bytes of the object; empty when there is none. */
    public OptionalLong size(StoredObject object) {
        try {
            return OptionalLong.of(
                    s3.headObject(head -> head.bucket(config.bucket()).key(object.key()))
                            .contentLength());
        } catch (NoSuchKeyException missing) {
            return OptionalLong.empty();
        } catch (SdkException failed) {
            throw new StoreException("an object cannot be looked up", failed);
        }
    }

    /** The object as it is now; empty when there is none. */
    public Optional<BucketEntry> look(String key) {
        try {
            HeadObjectResponse head = s3.headObject(call -> call.bucket(config.bucket()).key(key));
            return Optional.of(new BucketEntry(key, head.contentLength(), head.lastModified()));
        } catch (NoSuchKeyException missing) {
            return Optional.empty();
        } catch (SdkException failed) {
            throw new StoreException("an object cannot be looked up", failed);
        }
    }

    /** Every object in the order of its key; reads a page at a time. */
    public Iterator<BucketEntry> list() {
        return new BucketListing(s3, config.bucket());
    }

    /** Removes an artifact, for good. */
    public void remove(Artifact artifact) {
        remove(artifact.key());
    }

    public void remove(Staging staging) {
        remove(staging.key());
    }

    private void remove(String key) {
        try {
            s3.deleteObject(delete -> delete.bucket(config.bucket()).key(key));
        } catch (SdkException failed) {
            throw new StoreException("an object cannot be removed", failed);
        }
    }

    /**
     * The bytes from {@code first} to {@code last}, both included; empty when there is no such
     * object.
     */
    public Optional<ArtifactBody> read(Artifact artifact, long first, long last) {
        try {
            ResponseInputStream<GetObjectResponse> body =
                    s3.getObject(
                            GetObjectRequest.builder()
                                    .bucket(config.bucket())
                                    .key(artifact.key())
                                    .range("bytes=" + first + "-" + last)
                                    .build());
            return Optional.of(new StreamedBody(body, last - first + 1));
        } catch (NoSuchKeyException missing) {
            return Optional.empty();
        } catch (SdkException failed) {
            throw new StoreException("an artifact cannot be read", failed);
        }
    }

    /**
     * All bytes of an artifact, checked against its digest; empty when there is no such object.
     *
     * @param size of the artifact, which fits into an array
     */
    public Optional<byte[]> readWhole(Artifact artifact, long size) {
        Optional<ArtifactBody> found = read(artifact, 0, size - 1);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(size));
        try (ArtifactBody body = found.get()) {
            body.copyTo(bytes, PIECE);
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does not fail", impossible);
        }
        byte[] whole = bytes.toByteArray();
        if (!Digest.ofBytes(whole).equals(artifact.digest())) {
            throw new StoreException(
                    "the object " + artifact.key() + " has other bytes than its digest names");
        }
        return Optional.of(whole);
    }

    /** Writes a small object as a whole; one that is there is replaced. */
    public void put(StoredObject object, byte[] content) {
        try {
            s3.putObject(
                    put ->
                            put.bucket(config.bucket())
                                    .key(object.key())
                                    .contentType(object.mediaType())
                                    .cacheControl(object.cacheControl()),
                    RequestBody.fromBytes(content));
        } catch (SdkException failed) {
            throw new StoreException("the object " + object.key() + " cannot be written", failed);
        }
    }

    /** All bytes of a small object; empty when there is none. */
    public Optional<byte[]> get(StoredObject object) {
        try {
            return Optional.of(
                    s3.getObjectAsBytes(get -> get.bucket(config.bucket()).key(object.key()))
                            .asByteArrayUnsafe());
        } catch (NoSuchKeyException missing) {
            return Optional.empty();
        } catch (SdkException failed) {
            throw new StoreException("the object " + object.key() + " cannot be read", failed);
        }
    }

    /** Removes the objects, up to 1,000, whose keys begin with {@code prefix}. */
    public void removeAll(String prefix) {
        try {
            s3.listObjectsV2(list -> list.bucket(config.bucket()).prefix(prefix))
                    .contents()
                    .forEach(object -> remove(object.key()));
        } catch (SdkException failed) {
            throw new StoreException("the objects " + prefix + " cannot be listed", failed);
        }
    }

    /** All bytes of a staged upload; empty when there is none. */
    public Optional<InputStream> open(Staging staging) {
        try {
            return Optional.of(s3.getObject(get -> get.bucket(config.bucket()).key(staging.key())));
        } catch (NoSuchKeyException missing) {
            return Optional.empty();
        } catch (SdkException failed) {
            throw new StoreException("a staged upload cannot be read", failed);
        }
    }

    /** Finds what uploads left behind. */
    public AbandonedUploads abandonedUploads() {
        return new AbandonedUploads(s3, config.bucket());
    }

    @Override
    public void close() {
        s3.close();
    }
}
