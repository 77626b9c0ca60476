package dev.modunest.loader.verify;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.Digest;
import dev.modunest.format.Manifest;
import dev.modunest.format.VersionRange;
import dev.modunest.loader.log.LoaderLog;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the archive inspection found, by the digest of the bytes: the same bytes are accepted again
 * by the same rules, so that they are inspected once. Kept in one file, which only the host may
 * write, as it may its lock. Thread-safe.
 */
public final class Inspections {

    /** Grows when the inspection, the manifest or this form changes: what is older is forgotten. */
    private static final int RULES = 1;

    private static final int MAGIC = 0x6d6e6931; // mni1
    private static final int MOST = 20_000;
    private static final long MAX_BYTES = 64 << 20;
    private final Path file;
    private final String rules;
    private final Map<Digest, byte[]> known;
    private final Map<String, VersionRange> ranges = new ConcurrentHashMap<>();
    private final Set<Digest> used = ConcurrentHashMap.newKeySet();
    private volatile boolean changed;

    private Inspections(Path file, String rules, Map<Digest, byte[]> known) {
        this.file = file;
        this.rules = rules;
        this.known = new ConcurrentHashMap<>(known);
    }

    /** What {@code file} holds of inspections by {@code limits}; nothing when it is not there. */
    public static Inspections in(Path file, ArchiveLimits limits) {
        String rules = rules(limits);
        try {
            return new Inspections(file, rules, read(file, rules));
        } catch (IOException | IllegalArgumentException damaged) {
            LoaderLog.get()
                    .log(
                            Level.WARNING,
                            file + " is damaged: everything is inspected anew",
                            damaged);
            return new Inspections(file, rules, Map.of());
        }
    }

    private static String rules(ArchiveLimits limits) {
        long[] parts = {
            RULES,
            limits.entries(),
            limits.unpackedBytes(),
            limits.entryBytes(),
            limits.manifestBytes(),
            limits.entryRatio(),
            limits.overallRatio(),
            limits.nestedDepth()
        };
        return Arrays.toString(parts);
    }

    private static Map<Digest, byte[]> read(Path file, String rules) throws IOException {
        Map<Digest, byte[]> known = new LinkedHashMap<>();
        if (!Files.exists(file) || Files.size(file) > MAX_BYTES) {
            return known;
        }
        DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
        if (in.readInt() != MAGIC || !in.readUTF().equals(rules)) {
            return known;
        }
        for (int i = in.readInt(); i > 0; i--) {
            Digest digest = Digest.parse(in.readUTF());
            known.put(digest, in.readNBytes(in.readInt()));
        }
        return known;
    }

    /** The manifest of the artifact with these bytes, when it has been accepted before. */
    Optional<Manifest> find(Digest artifact) {
        byte[] manifest = known.get(artifact);
        if (manifest == null) {
            return Optional.empty();
        }
        used.add(artifact);
        try {
            return Optional.of(
                    ManifestCodec.read(
                            new DataInputStream(new ByteArrayInputStream(manifest)), this::range));
        } catch (IOException | IllegalArgumentException damaged) {
            LoaderLog.get().log(Level.WARNING, file + " is damaged: inspecting anew", damaged);
            known.remove(artifact);
            return Optional.empty();
        }
    }

    private VersionRange range(String text) {
        VersionRange known = ranges.get(text);
        if (known == null) {
            known = VersionRange.parse(text);
            if (ranges.size() < MOST) {
                ranges.put(text, known);
            }
        }
        return known;
    }

    /** Remembers that {@code artifact} has been accepted. */
    void add(Digest artifact, Manifest manifest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ManifestCodec.write(manifest, new DataOutputStream(bytes));
        } catch (UTFDataFormatException tooLong) {
            return; // a text of more than 64 KiB: inspected each time
        } catch (IOException impossible) {
            throw new IllegalStateException("memory can be written", impossible);
        }
        known.put(artifact, bytes.toByteArray());
        used.add(artifact);
        changed = true;
    }

    /** Writes what is new; when that fails, it is inspected again the next time. */
    public void save() {
        if (!changed) {
            return;
        }
        changed = false;
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return; // nothing has been trusted yet, and a folder would say so
        }
        try {
            Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".new");
            try {
                Files.write(fresh, content());
                Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException failed) {
            LoaderLog.get().log(Level.WARNING, file + " cannot be written", failed);
        }
    }

    private byte[] content() throws IOException {
        if (known.size() > MOST) {
            known.keySet().retainAll(used);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(MAGIC);
        out.writeUTF(rules);
        Map<Digest, byte[]> all = Map.copyOf(known);
        out.writeInt(all.size());
        for (Map.Entry<Digest, byte[]> entry : all.entrySet()) {
            out.writeUTF(entry.getKey().toString());
            out.writeInt(entry.getValue().length);
            out.write(entry.getValue());
        }
        return bytes.toByteArray();
    }
}
