package dev.modunest.format;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/** Changed jars never break the inspection, and what it accepts reads the same for everybody. */
class ArchiveFuzzIT {

    private static final ArchiveLimits LIMITS =
            new ArchiveLimits(100, 8 << 20, 4 << 20, 1 << 16, 100, 50, 1);

    private Path jar = Path.of("");

    @BeforeProperty
    void createFile() throws IOException {
        jar = Files.createTempFile("fuzz", ".jar");
    }

    @AfterProperty
    void deleteFile() throws IOException {
        Files.delete(jar);
    }

    @Property(tries = 20_000)
    void changedJarsAreJudgedAndReadTheSameWhenAccepted(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = mutated(jar(random).build(), random);

        if (inspect(bytes) instanceof Inspection.Accepted accepted) {
            assertReadsTheSame(bytes, accepted);
        }
    }

    @Property(tries = 500)
    void wellFormedJarsAreAccepted(@ForAll long seed) throws IOException {
        byte[] bytes = jar(new Random(seed)).build();

        Inspection inspection = inspect(bytes);

        assertThat(inspection).isInstanceOf(Inspection.Accepted.class);
        assertReadsTheSame(bytes, (Inspection.Accepted) inspection);
    }

    private static Inspection inspect(byte[] bytes) throws IOException {
        return PluginArchive.inspect(new ByteArrayInputStream(bytes), LIMITS);
    }

    private static RawZip jar(Random random) {
        RawZip zip = RawZip.plugin();
        int entries = random.nextInt(6);
        for (int i = 0; i < entries; i++) {
            byte[] content = new byte[random.nextInt(300)];
            if (random.nextBoolean()) {
                random.nextBytes(content);
            }
            boolean deflate = random.nextInt(3) > 0;
            boolean described = deflate && random.nextBoolean();
            String name = "acme/" + "é".repeat(random.nextInt(2)) + "file" + i;
            if (random.nextInt(6) == 0) {
                content = RawZip.plugin().build();
                deflate = true;
            }
            zip.with(
                    name,
                    content,
                    deflate,
                    entry -> {
                        if (described) {
                            entry.described();
                        }
                        if (random.nextInt(5) == 0) {
                            entry.centralExtra = RawZip.extra(0x5455, 1, 0, 0, 0, 0);
                        }
                    });
        }
        return zip;
    }

    private static byte[] mutated(byte[] jar, Random random) {
        byte[] bytes = jar;
        int edits = 1 + random.nextInt(4);
        for (int i = 0; i < edits && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(8)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at);
                case 1 -> bytes = spliced(bytes, at, at, new byte[1 + random.nextInt(40)]);
                case 2 -> bytes = spliced(bytes, at, Math.min(bytes.length, at + 5), new byte[0]);
                case 3 -> {
                    int from = random.nextInt(bytes.length);
                    int to = Math.min(bytes.length, from + random.nextInt(200));
                    bytes = spliced(bytes, at, at, Arrays.copyOfRange(bytes, from, to));
                }
                case 4 -> bytes[at] = (byte) 0xFF;
                case 5 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                default -> bytes[at] = (byte) random.nextInt(256);
            }
        }
        return bytes;
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] inserted) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, from);
        out.writeBytes(inserted);
        out.write(bytes, to, bytes.length - to);
        return out.toByteArray();
    }

    private void assertReadsTheSame(byte[] bytes, Inspection.Accepted accepted) throws IOException {
        Map<String, byte[]> streamed = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                streamed.put(entry.getName(), in.readAllBytes());
            }
        }
        Files.write(jar, bytes);
        Map<String, byte[]> filed = new LinkedHashMap<>();
        try (ZipFile file = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(file.entries())) {
                try (InputStream in = file.getInputStream(entry)) {
                    filed.put(entry.getName(), in.readAllBytes());
                }
            }
        }
        assertThat(filed.keySet()).containsExactlyElementsOf(streamed.keySet());
        assertThat(filed).hasSize(accepted.entries());
        filed.forEach((name, content) -> assertThat(streamed).containsEntry(name, content));
        assertThat(
                        new String(
                                filed.getOrDefault(Manifest.PATH, bytes),
                                java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(accepted.manifestJson());
    }
}
