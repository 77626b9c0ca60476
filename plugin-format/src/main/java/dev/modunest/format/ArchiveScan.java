package dev.modunest.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One pass over the bytes of an archive: local headers tile it from the first byte on, then come
 * the central directory and the end records, then nothing. Used once.
 */
final class ArchiveScan implements AutoCloseable {

    /** Ratios are looked at above this size only: small files of zeros are harmless. */
    private static final long RATIO_FROM = 1 << 20;

    private final ArchiveLimits limits;
    private final Findings findings;
    private final ArchiveBytes bytes;
    private final EntryContent content;
    private final ArchiveBytes contentBytes;
    private final NestedArchives nested;
    private final byte[] chunk = new byte[64 << 10];
    private final List<LocalEntry> entries = new ArrayList<>();
    private Optional<byte[]> manifest = Optional.empty();
    private boolean manifestSeen;
    private long unpacked;

    ArchiveScan(InputStream archive, ArchiveLimits limits, Findings findings) {
        this.limits = limits;
        this.findings = findings;
        this.bytes = new ArchiveBytes(0, archive::read);
        UnpackBudget budget = new UnpackBudget(limits);
        this.content = new EntryContent(bytes, budget);
        this.contentBytes = new ArchiveBytes(1, content);
        this.nested = new NestedArchives(budget, limits, findings);
    }

    /** Reads to the end of the stream and reports everything that can be told on the way. */
    void run() throws IOException {
        try {
            walk();
        } catch (ArchiveStop stop) {
            findings.add(stop.problem());
        }
        drain();
        EntryNames.checkTogether(entries, findings);
        checkRatio(ArchiveCode.ARCHIVE_RATIO, "", unpacked, size(), limits.overallRatio());
    }

    private void drain() throws IOException {
        try {
            bytes.drain();
        } catch (ArchiveStop impossible) {
            throw new IllegalStateException("the stream has no bounds of its own", impossible);
        }
    }

    private void walk() throws IOException, ArchiveStop {
        if (bytes.peekSignature() != LocalHeaders.SIGNATURE
                && bytes.peekSignature() != EndRecords.SIGNATURE) {
            throw new ArchiveStop(
                    0,
                    ArchiveCode.NOT_A_ZIP.at(
                            "",
                            bytes.has(1)
                                    ? "the first bytes are not those of a zip archive"
                                    : "there are no bytes"));
        }
        while (bytes.peekSignature() == LocalHeaders.SIGNATURE) {
            entry();
        }
        long directoryAt = bytes.position();
        int count = CentralDirectory.read(bytes, entries, limits, findings);
        long directorySize = bytes.position() - directoryAt;
        new EndRecords(bytes, findings, count, directoryAt, directorySize).read();
    }

    private void entry() throws IOException, ArchiveStop {
        if (entries.size() == limits.entries()) {
            throw new ArchiveStop(
                    0,
                    ArchiveCode.TOO_MANY_ENTRIES.at(
                            "",
                            "the archive has more entries than the limit of " + limits.entries()));
        }
        LocalEntry entry = LocalHeaders.read(bytes);
        entries.add(entry);
        LocalHeaders.check(entry, findings);
        entry.extra = new byte[0];
        boolean readable =
                !entry.isEncrypted()
                        && (entry.method == LocalEntry.STORED
                                || entry.method == LocalEntry.DEFLATED);
        if (!readable) {
            bytes.skip(entry.packed);
            return;
        }
        content.open(entry, entry.shown());
        if (entry.name.equals(Manifest.PATH)) {
            captureManifest();
        } else {
            discard(entry);
        }
        LocalHeaders.finish(entry, content, bytes, findings);
        unpacked += entry.unpacked;
        checkEntry(entry);
    }

    private void discard(LocalEntry entry) throws IOException, ArchiveStop {
        int count = content.read(chunk, 0, chunk.length);
        if (count >= 4 && beginsAsArchive(chunk)) {
            contentBytes.reset(new Replayed(count));
            nested.scan(contentBytes, 1, entry.shown());
            contentBytes.drain();
        }
        while (count >= 0) {
            count = content.read(chunk, 0, chunk.length);
        }
    }

    private static boolean beginsAsArchive(byte[] bytes) {
        return bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == 3 && bytes[3] == 4;
    }

    /** The first bytes of an entry, which stand in the chunk, and then the rest of it. */
    private final class Replayed implements ByteSource {
        private final int count;
        private int at;

        private Replayed(int count) {
            this.count = count;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException, ArchiveStop {
            if (at == count) {
                return content.read(into, offset, length);
            }
            int step = Math.min(length, count - at);
            System.arraycopy(chunk, at, into, offset, step);
            at += step;
            return step;
        }
    }

    private void captureManifest() throws IOException, ArchiveStop {
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        int count = content.read(chunk, 0, chunk.length);
        while (count >= 0) {
            if (captured.size() <= limits.manifestBytes()) {
                captured.write(chunk, 0, count);
            }
            count = content.read(chunk, 0, chunk.length);
        }
        if (content.unpacked() > limits.manifestBytes()) {
            findings.add(
                    ArchiveCode.MANIFEST_TOO_LARGE,
                    Manifest.PATH,
                    "it has "
                            + content.unpacked()
                            + " bytes; the limit is "
                            + limits.manifestBytes());
        } else if (!manifestSeen) {
            manifest = Optional.of(captured.toByteArray());
        }
        manifestSeen = true;
    }

    private void checkEntry(LocalEntry entry) {
        if (entry.isDirectory() && entry.unpacked > 0) {
            findings.add(
                    ArchiveCode.DIRECTORY_WITH_DATA,
                    entry.shown(),
                    "the directory has " + entry.unpacked + " bytes");
        }
        checkRatio(
                ArchiveCode.ENTRY_RATIO,
                entry.shown(),
                entry.unpacked,
                entry.packed,
                limits.entryRatio());
    }

    private void checkRatio(
            ArchiveCode code, String where, long unpackedBytes, long packedBytes, int limit) {
        if (unpackedBytes > RATIO_FROM && unpackedBytes > limit * packedBytes) {
            findings.add(
                    code,
                    where,
                    String.format(
                            Locale.ROOT,
                            "%d bytes unpack to %d, %d times as many; the limit is %d",
                            packedBytes,
                            unpackedBytes,
                            unpackedBytes / Math.max(1, packedBytes),
                            limit));
        }
    }

    List<LocalEntry> entries() {
        return entries;
    }

    /** The bytes of the plugin manifest; empty when there is none or it is too large. */
    Optional<byte[]> manifest() {
        return manifest;
    }

    boolean hasManifest() {
        return manifestSeen;
    }

    long size() {
        return bytes.position();
    }

    long unpackedSize() {
        return unpacked;
    }

    @Override
    public void close() {
        content.close();
    }
}
