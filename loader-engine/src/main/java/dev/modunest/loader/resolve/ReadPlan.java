package dev.modunest.loader.resolve;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.log.LoaderLog;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * The plan of an installation as it was read, in a form that is read faster than JSON: {@code
 * modunest.plan}, marked by the files that it was read from. It is derived, lies beside them, and
 * may be removed.
 *
 * @param registry of the requirements
 */
public record ReadPlan(Optional<URI> registry, Plan plan) {

    private static final String FILE = "modunest.plan";
    private static final int MAGIC = 0x6d6e7031; // mnp1
    private static final long MAX_BYTES = 64 << 20;

    /** The plan of {@code folder}; empty when it has no lock. Reads JSON when it has to. */
    public static Optional<ReadPlan> of(Path folder) {
        Path lock = folder.resolve(Installation.LOCK_FILE);
        if (!Files.exists(lock)) {
            return Optional.empty();
        }
        try {
            String source = mark(lock, folder.resolve(Installation.REQUIREMENTS_FILE));
            Optional<ReadPlan> known = find(folder.resolve(FILE), source);
            if (known.isPresent()) {
                return known;
            }
            Installation installed = Installation.read(folder);
            Optional<ReadPlan> read =
                    installed.plan().map(plan -> new ReadPlan(installed.registry(), plan));
            if (read.isPresent()) {
                read.get().keep(folder.resolve(FILE), source);
            }
            return read;
        } catch (IOException unreadable) {
            return Installation.read(folder)
                    .plan()
                    .map(plan -> new ReadPlan(Installation.read(folder).registry(), plan));
        }
    }

    /**
     * Tells accidental changes, by length, CRC-32 and CRC-32C of both files; whoever may change
     * them on purpose may change what is derived of them, too.
     */
    private static String mark(Path lock, Path requirements) throws IOException {
        byte[] locked = Files.readAllBytes(lock);
        byte[] wanted = Files.exists(requirements) ? Files.readAllBytes(requirements) : new byte[0];
        return mark(locked) + " " + mark(wanted);
    }

    private static String mark(byte[] content) {
        CRC32 crc32 = new CRC32();
        crc32.update(content);
        CRC32C crc32c = new CRC32C();
        crc32c.update(content);
        return content.length + ":" + crc32.getValue() + ":" + crc32c.getValue();
    }

    private static Optional<ReadPlan> find(Path file, String source) throws IOException {
        if (!Files.exists(file) || Files.size(file) > MAX_BYTES) {
            return Optional.empty();
        }
        try {
            DataInputStream in =
                    new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)));
            return in.readInt() == MAGIC && in.readUTF().equals(source)
                    ? Optional.of(read(in))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException damaged) {
            LoaderLog.get().log(Level.WARNING, file + " is damaged: reading the lock", damaged);
            return Optional.empty();
        }
    }

    private static ReadPlan read(DataInputStream in) throws IOException {
        Optional<URI> registry =
                in.readBoolean() ? Optional.of(URI.create(in.readUTF())) : Optional.empty();
        List<Plan.Step> steps = new ArrayList<>();
        Map<String, Coordinate> coordinates = new HashMap<>();
        for (int i = in.readInt(); i > 0; i--) {
            Coordinate coordinate = coordinate(in.readUTF(), coordinates);
            Digest digest = new Digest(in.readUTF());
            long size = in.readLong();
            String url = in.readUTF();
            List<Coordinate> requires = new ArrayList<>();
            for (int r = in.readInt(); r > 0; r--) {
                requires.add(coordinate(in.readUTF(), coordinates));
            }
            steps.add(new Plan.Step(coordinate, digest, size, url, requires));
        }
        return new ReadPlan(registry, new Plan(steps));
    }

    private static Coordinate coordinate(String text, Map<String, Coordinate> known) {
        return known.computeIfAbsent(text, Coordinate::parse);
    }

    /** When it cannot be written, the lock is read the next time. */
    private void keep(Path file, String source) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isWritable(folder)) {
            return;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(MAGIC);
        out.writeUTF(source);
        out.writeBoolean(registry.isPresent());
        if (registry.isPresent()) {
            out.writeUTF(registry.get().toString());
        }
        out.writeInt(plan.steps().size());
        for (Plan.Step step : plan.steps()) {
            out.writeUTF(step.coordinate().toString());
            out.writeUTF(step.digest().hex());
            out.writeLong(step.size());
            out.writeUTF(step.url());
            out.writeInt(step.requires().size());
            for (Coordinate required : step.requires()) {
                out.writeUTF(required.toString());
            }
        }
        Path fresh = Files.createTempFile(folder, FILE, ".new");
        try {
            Files.write(fresh, bytes.toByteArray());
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
