package dev.modunest.samples.harness;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Plugin jars that hold {@link EchoPlugin} and {@link FailingPlugin}. */
final class TestJars {

    private TestJars() {}

    /** Writes {@code test/<name>@1.0.0}; {@code manifestRest} are further members. */
    static Path write(Path folder, String name, String manifestRest) throws IOException {
        Path jar = folder.resolve(name + ".jar");
        String manifest =
                """
                {"manifest_version": 1, "namespace": "test", "name": "%s", "version": "1.0.0", %s}
                """
                        .formatted(name, manifestRest);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            put(zip, "META-INF/MANIFEST.MF", utf8("Manifest-Version: 1.0\r\n\r\n"));
            put(zip, "META-INF/modunest/plugin.json", utf8(manifest));
            put(zip, EchoPlugin.class);
            put(zip, FailingPlugin.class);
        }
        return jar;
    }

    private static void put(ZipOutputStream zip, Class<?> type) throws IOException {
        String entry = type.getName().replace('.', '/') + ".class";
        try (InputStream bytes = TestJars.class.getResourceAsStream("/" + entry)) {
            put(zip, entry, bytes.readAllBytes());
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
