package dev.modunest.edge.cache;

import dev.modunest.edge.metrics.EdgeMetrics;
import dev.modunest.format.Digest;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Artifacts in files, within a quota; what leaves first is chosen as {@link DiskIndex} says.
 *
 * <p>An object is {@code objects/<2 hex digits>/<64 hex digits>.<size>}, of a private one with
 * {@code .private} behind: its name tells what it must be and for whom, so that the index is
 * rebuilt by listing. It is written under {@code spool/}, forced to the disk and renamed, so that
 * after a crash a named object is whole; what is left in {@code spool/} is removed at the start.
 * Modification time is the origin's {@code Last-Modified}, access time the time of admission or of
 * the first use after a start. Thread-safe; only {@link #find} and {@link #leaseOpen} may be called
 * on an event loop.
 */
public final class DiskTier implements AutoCloseable {

    public static final String NAME = "disk";

    private static final Logger LOG = LoggerFactory.getLogger(DiskTier.class);

    /** Objects up to this size are hashed again before they are served, so need not be forced. */
    private final long hashedOnRead;

    /** Objects of an earlier start, which have not been read since; each with its lock. */
    private final Map<Digest, Object> unread = new ConcurrentHashMap<>();

    private final Path objects;
    private final Path spools;
    private final DiskIndex index;
    private final OpenFiles open;
    private final Refusals refusals;
    private final EdgeMetrics metrics;

    public DiskTier(
            DiskSettings settings, MemorySettings memory, Refusals refusals, EdgeMetrics metrics)
            throws IOException {
        this.hashedOnRead = memory.maxObject().bytes();
        this.refusals = refusals;
        this.objects = settings.directory().resolve("objects");
        this.spools = settings.directory().resolve("spool");
        this.index = new DiskIndex(settings.quota().bytes());
        this.open = new OpenFiles(settings.maxOpenFiles());
        this.metrics = metrics;
        Files.createDirectories(objects);
        DiskScan.clear(Files.createDirectories(spools));
        List<StoredArtifact> found = DiskScan.scan(objects);
        found.forEach(object -> unread.put(object.digest(), new Object()));
        delete(index.addAll(found));
        LOG.info("{} objects, {} bytes in {}", index.objects(), index.storedBytes(), objects);
        metrics.watchTier(NAME, index::storedBytes, index::objects);
        FileStore store = Files.getFileStore(objects);
        metrics.watchDisk(() -> bytes(store::getUsableSpace), () -> bytes(store::getTotalSpace));
    }

    @FunctionalInterface
    private interface Room {
        long bytes() throws IOException;
    }

    /** NaN when the file system does not tell. */
    private static double bytes(Room room) {
        try {
            return (double) room.bytes();
        } catch (IOException untold) {
            LOG.warn("the file system of the disk tier cannot be asked: {}", untold.toString());
            return Double.NaN;
        }
    }

    public @Nullable StoredArtifact find(Digest digest) {
        return index.find(digest);
    }

    public boolean isEmpty() {
        return index.objects() == 0;
    }

    /** A lease on the object's file if it is open and whole; else {@link #lease} tells more. */
    public @Nullable OpenFile leaseOpen(StoredArtifact artifact) {
        OpenFile file = open.lease(artifact.digest());
        if (file == null || isWhole(file, artifact)) {
            return file;
        }
        file.release();
        return null;
    }

    /** A lease on the object's file; empty, and the object dropped, when it is not whole. */
    public Optional<OpenFile> lease(StoredArtifact artifact) {
        try {
            OpenFile file = OpenFile.read(path(artifact));
            boolean whole = isWhole(file, artifact);
            if (whole && isAsAdmitted(file, artifact)) {
                open.keep(artifact.digest(), file);
                return Optional.of(file);
            }
            file.release();
            dropDamaged(
                    artifact,
                    whole ? "has another digest" : "has another size than " + artifact.size());
        } catch (IOException unreadable) {
            dropDamaged(artifact, "cannot be read: " + unreadable);
        }
        return Optional.empty();
    }

    /** Forgets and deletes an object whose bytes are not what its name says. */
    public void dropDamaged(StoredArtifact artifact, String why) {
        LOG.warn("dropped {}: {}", artifact.digest(), why);
        if (index.remove(artifact)) {
            metrics.corruptDropped();
            deleteFile(artifact);
        }
    }

    /**
     * A file to fill with {@code size} bytes; evicts what stands in its way. Empty when the quota
     * has no room for it.
     */
    public Optional<Spool> spool(long size) throws IOException {
        List<StoredArtifact> leaving = index.reserve(size);
        if (leaving == null) {
            return Optional.empty();
        }
        evict(leaving);
        Path path = spools.resolve(UUID.randomUUID().toString());
        try {
            FileChannel channel =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE_NEW,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            return Optional.of(new Spool(path, new OpenFile(channel), size));
        } catch (IOException | RuntimeException unwritable) {
            index.unreserve(size);
            throw unwritable;
        }
    }

    public long reservedFor(Spool spool) {
        return spool.reserved();
    }

    /** Sets aside more for a spool whose size was not known; false when the quota is reached. */
    public boolean extend(Spool spool, long bytes) {
        List<StoredArtifact> leaving = index.reserve(bytes);
        if (leaving == null) {
            return false;
        }
        spool.reserved(spool.reserved() + bytes);
        evict(leaving);
        return true;
    }

    /** What is on disk now, least recently used first. */
    public List<Digest> digests() {
        return index.digests();
    }

    /** Forgets and deletes the object of a digest; false when there is none. Blocks. */
    boolean drop(Digest digest) {
        StoredArtifact artifact = index.remove(digest);
        if (artifact == null) {
            return false;
        }
        metrics.purged(NAME);
        deleteFile(artifact);
        return true;
    }

    /**
     * Makes a filled and verified spool an object; false when it has been withdrawn since {@code
     * begun}. The spool is closed either way.
     */
    public boolean admit(Spool spool, StoredArtifact artifact, long begun) throws IOException {
        try {
            if (artifact.size() > hashedOnRead) {
                spool.file().channel().force(true);
            }
            Path target = path(artifact);
            Files.createDirectories(target.getParent());
            setTimes(spool.path(), artifact);
            List<StoredArtifact> leaving = new ArrayList<>();
            boolean admitted =
                    refusals.admit(
                            artifact,
                            begun,
                            () -> {
                                Files.move(spool.path(), target, StandardCopyOption.ATOMIC_MOVE);
                                index.unreserve(spool.reserved());
                                spool.reserved(0);
                                deleteOtherMark(artifact);
                                open.keep(artifact.digest(), spool.file());
                                leaving.addAll(index.add(artifact));
                            });
            evict(leaving);
            return admitted;
        } finally {
            discard(spool);
        }
    }

    /** Gives up a spool. */
    public void discard(Spool spool) throws IOException {
        index.unreserve(spool.reserved());
        spool.reserved(0);
        spool.close();
        Files.deleteIfExists(spool.path());
    }

    /** Writes and removes a file; throws when the disk takes none. */
    public void probe() throws IOException {
        Path probe = Files.createTempFile(spools, "probe", null);
        Files.write(probe, new byte[] {1});
        Files.delete(probe);
    }

    @Override
    public void close() {
        open.closeAll();
    }

    private void evict(List<StoredArtifact> leaving) {
        leaving.forEach(artifact -> metrics.evicted(NAME));
        delete(leaving);
    }

    private void delete(List<StoredArtifact> leaving) {
        leaving.forEach(this::deleteFile);
    }

    private void deleteFile(StoredArtifact artifact) {
        unread.remove(artifact.digest());
        open.forget(artifact.digest());
        try {
            Files.deleteIfExists(path(artifact));
        } catch (IOException undeletable) {
            LOG.warn("{} stays on the disk until the next start", artifact.digest(), undeletable);
        }
    }

    /** Of what was for others before: one object has one file. */
    private void deleteOtherMark(StoredArtifact artifact) throws IOException {
        StoredArtifact before = index.find(artifact.digest());
        if (before != null && before.secret() != artifact.secret()) {
            unread.remove(before.digest());
            Files.deleteIfExists(path(before));
        }
    }

    private Path path(StoredArtifact artifact) {
        String hex = artifact.digest().hex();
        return objects.resolve(hex.substring(0, 2))
                .resolve(hex + "." + artifact.size() + (artifact.secret() ? DiskScan.PRIVATE : ""));
    }

    /**
     * Hashes what comes from an earlier start before its first use, or has been written to since;
     * small objects are hashed on their way to memory.
     */
    private boolean isAsAdmitted(OpenFile file, StoredArtifact artifact) throws IOException {
        if (artifact.size() <= hashedOnRead) {
            return true;
        }
        boolean touched =
                !Files.getLastModifiedTime(path(artifact))
                        .toInstant()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .equals(artifact.lastModified().truncatedTo(ChronoUnit.SECONDS));
        Object lock =
                touched
                        ? unread.computeIfAbsent(artifact.digest(), _ -> new Object())
                        : unread.get(artifact.digest());
        if (lock == null) {
            return true;
        }
        synchronized (lock) {
            if (!unread.containsKey(artifact.digest())) {
                return true;
            }
            boolean same = file.digest().equals(artifact.digest());
            if (same && touched) {
                setTimes(path(artifact), artifact);
            }
            unread.remove(artifact.digest());
            return same;
        }
    }

    private static void setTimes(Path path, StoredArtifact artifact) throws IOException {
        Files.getFileAttributeView(path, BasicFileAttributeView.class)
                .setTimes(
                        FileTime.from(artifact.lastModified()), FileTime.from(Instant.now()), null);
    }

    private static boolean isWhole(OpenFile file, StoredArtifact artifact) {
        try {
            return file.size() == artifact.size();
        } catch (IOException unreadable) {
            LOG.warn("{} cannot be read", artifact.digest(), unreadable);
            return false;
        }
    }
}
