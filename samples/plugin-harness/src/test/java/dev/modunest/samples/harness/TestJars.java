package dev.modunest.samples.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Packs test classes as plugin jars. */
final class TestJars {

    private TestJars() {}

    static Path write(Path folder, String name, String manifestRest, List<Class<?>> classes)
            throws IOException {
        Path jar = folder.resolve(name + ".jar");
        String manifest =
                """
                {"manifest_version": 1, "namespace": "test", "name": "%s", "version": "1.0.0", %s}
                """
                        .formatted(name, manifestRest);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            put(zip, "META-INF/MANIFEST.MF", bytes("Manifest-Version: 1.0\r\n\r\n"));
            put(zip, "META-INF/modunest/plugin.json", bytes(manifest));
            for (Class<?> type : classes) {
                String entry = type.getName().replace('.', '/') + ".class";
                try (InputStream bytes = TestJars.class.getResourceAsStream("/" + entry)) {
                    put(zip, entry, bytes.readAllBytes());
                }
            }
        }
        return jar;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
