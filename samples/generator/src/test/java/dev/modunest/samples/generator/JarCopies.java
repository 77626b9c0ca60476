package dev.modunest.samples.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Copies of jars in which one entry differs. */
final class JarCopies {

    private JarCopies() {}

    static void withEntry(Path from, Path to, String fileName, byte[] content) throws IOException {
        try (ZipFile source = new ZipFile(from.toFile());
                ZipOutputStream copy = new ZipOutputStream(Files.newOutputStream(to))) {
            List<? extends ZipEntry> entries = source.stream().toList();
            for (ZipEntry entry : entries) {
                copy.putNextEntry(new ZipEntry(entry.getName()));
                copy.write(
                        entry.getName().endsWith("/" + fileName)
                                ? content
                                : source.getInputStream(entry).readAllBytes());
                copy.closeEntry();
            }
        }
    }
}
