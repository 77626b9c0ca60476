package dev.modunest.standalone;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Inspection;
import dev.modunest.format.Manifest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A library with nothing in it but what makes it one. */
final class SmallJar {

    private SmallJar() {}

    static PluginJar write(Path folder, String coordinate) throws IOException {
        return write(folder, coordinate, "nothing");
    }

    /** The same plugin with other bytes for other {@code content}. */
    static PluginJar write(Path folder, String coordinate, String content) throws IOException {
        Coordinate release = Coordinate.parse(coordinate);
        Path file = folder.resolve(release.fileName());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            put(
                    zip,
                    Manifest.PATH,
                    """
                    {"manifest_version": 1, "namespace": "%s", "name": "%s", "version": "%s", "kind": "library",
                     "title": "Tool", "categories": ["text"], "license": "Apache-2.0", "requires": []}
                    """
                            .formatted(
                                    release.plugin().namespace(),
                                    release.plugin().name(),
                                    release.version()));
            put(zip, "content.txt", content);
        }
        return new PluginJar(file, ((Inspection.Accepted) PluginJar.inspect(file)).manifest());
    }

    private static void put(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }
}
