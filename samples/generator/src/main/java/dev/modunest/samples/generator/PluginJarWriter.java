package dev.modunest.samples.generator;

import dev.modunest.format.Dependency;
import dev.modunest.format.Manifest;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes one generated jar, the same bytes for the same plan. */
final class PluginJarWriter {

    private static final LocalDateTime WRITTEN = LocalDateTime.of(2026, 1, 1, 0, 0);
    private static final String JAR_MANIFEST = "Manifest-Version: 1.0\r\n\r\n";

    private PluginJarWriter() {}

    static GeneratedPlugin write(PlannedPlugin plugin, Path into) throws IOException {
        Path jar = into.resolve(plugin.coordinate().fileName());
        byte[] filler = new byte[plugin.filler()];
        new SplittableRandom(plugin.seed()).nextBytes(filler);
        CRC32 checksum = new CRC32();
        checksum.update(filler);
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(jar), 1 << 16);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            deflate(zip, "META-INF/MANIFEST.MF", ascii(JAR_MANIFEST));
            deflate(zip, Manifest.PATH, ascii(manifest(plugin)));
            for (Map.Entry<String, byte[]> type :
                    PluginClasses.of(plugin, checksum.getValue()).entrySet()) {
                deflate(zip, type.getKey(), type.getValue());
            }
            store(zip, fillerName(plugin), filler, checksum.getValue());
        }
        return new GeneratedPlugin(plugin.coordinate(), jar, Files.size(jar), plugin.requires());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String fillerName(PlannedPlugin plugin) {
        return plugin.packageName().replace('.', '/') + "/" + EntryPointClass.FILLER;
    }

    private static String manifest(PlannedPlugin plugin) {
        return """
        {
          "manifest_version": 1,
          "namespace": "%s",
          "name": "%s",
          "version": "%s",
          "title": "Load %s",
          "description": "A generated plugin that mixes numbers.",
          "entry_point": "%s",
          "requires": [%s],
          "host": ">=1.0.0",
          "exports": ["%s"],
          "categories": ["load"],
          "license": "Apache-2.0"
        }
        """
                .formatted(
                        plugin.coordinate().plugin().namespace(),
                        plugin.name(),
                        plugin.coordinate().version(),
                        plugin.name(),
                        plugin.entryPoint(),
                        requires(plugin),
                        plugin.apiPackage());
    }

    private static String requires(PlannedPlugin plugin) {
        return plugin.requires().stream()
                .map(PluginJarWriter::requirement)
                .collect(Collectors.joining(", "));
    }

    private static String requirement(Dependency dependency) {
        return "{\"plugin\": \"%s\", \"range\": \"%s\"}"
                .formatted(dependency.plugin(), dependency.range());
    }

    private static void deflate(ZipOutputStream zip, String name, byte[] content)
            throws IOException {
        zip.putNextEntry(entry(name));
        zip.write(content);
        zip.closeEntry();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content, long checksum)
            throws IOException {
        ZipEntry entry = entry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static ZipEntry entry(String name) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(WRITTEN);
        return entry;
    }
}
