package dev.modunest.server;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Manifest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Plugin jars, good and bad. */
final class TestJars {

    private TestJars() {}

    /** A library that requires what {@code requires} says: {@code namespace/name range}. */
    static byte[] library(String coordinate, String... requires) {
        return jar(manifest(coordinate, requires), Map.of());
    }

    /** A library with {@code bytes} more that cannot be compressed. */
    static byte[] libraryOfSize(String coordinate, int bytes) {
        byte[] filling = new byte[bytes];
        new Random(bytes).nextBytes(filling);
        return jar(manifest(coordinate), Map.of("filling.bin", filling));
    }

    static String manifest(String coordinate, String... requires) {
        Coordinate parsed = Coordinate.parse(coordinate);
        List<String> required = new ArrayList<>();
        for (String requirement : requires) {
            String[] parts = requirement.split(" ", 2);
            required.add(
                    """
                    {"plugin": "%s", "range": "%s"}"""
                            .formatted(parts[0], parts[1]));
        }
        return """
        {"manifest_version": 1, "namespace": "%s", "name": "%s", "version": "%s", "kind": "library",
         "title": "Title of %s", "categories": ["text"], "license": "Apache-2.0", "requires": [%s]}
        """
                .formatted(
                        parsed.plugin().namespace(),
                        parsed.plugin().name(),
                        parsed.version(),
                        parsed.plugin().name(),
                        String.join(", ", required));
    }

    static byte[] jar(String manifestJson, Map<String, byte[]> more) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put(Manifest.PATH, manifestJson.getBytes(StandardCharsets.UTF_8));
        entries.putAll(more);
        return zip(entries);
    }

    static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** The same bytes with every {@code from} written as {@code to}, which is as long. */
    static byte[] replaced(byte[] jar, String from, String to) {
        String text = new String(jar, StandardCharsets.ISO_8859_1);
        return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
    }
}
