package dev.modunest.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A plugin of any size to publish: a library whose one resource does not compress. The same plugin,
 * version and size give the same bytes. Nobody changes them.
 */
final class PluginJar {

    private static final LocalDateTime WRITTEN = LocalDateTime.of(2026, 1, 1, 0, 0);

    private final String plugin;
    private final String version;
    private final byte[] bytes;
    private final byte[] sha256;
    private final String manifest;

    private PluginJar(String plugin, String version, String manifest, byte[] bytes) {
        this.manifest = manifest;
        this.plugin = plugin;
        this.version = version;
        this.bytes = bytes;
        this.sha256 = hash("SHA-256", bytes);
    }

    /** A jar of exactly {@code size} bytes, or of the about 700 that it has at least. */
    static PluginJar of(String namespace, String name, String version, int size) {
        String manifest =
                """
                {"manifest_version": 1, "namespace": "%s", "name": "%s", "version": "%s", "kind": "library",
                 "title": "Load test %s", "description": "Published to measure publishing.",
                 "categories": ["load-tests"], "license": "Apache-2.0"}
                """
                        .formatted(namespace, name, version, name);
        int empty = write(manifest, new byte[0]).length;
        byte[] filler = new byte[Math.max(0, size - empty)];
        new SplittableRandom((namespace + "/" + name + "@" + version).hashCode()).nextBytes(filler);
        return new PluginJar(namespace + "/" + name, version, manifest, write(manifest, filler));
    }

    private static byte[] write(String manifest, byte[] filler) {
        ByteArrayOutputStream jar = new ByteArrayOutputStream(filler.length + 1024);
        try (ZipOutputStream zip = new ZipOutputStream(jar)) {
            store(
                    zip,
                    "META-INF/MANIFEST.MF",
                    "Manifest-Version: 1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            store(zip, "META-INF/modunest/plugin.json", manifest.getBytes(StandardCharsets.UTF_8));
            store(zip, "filler.bin", filler);
        } catch (IOException impossible) {
            throw new UncheckedIOException("an array takes everything", impossible);
        }
        return jar.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(WRITTEN);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /** As {@code namespace/name}. */
    String plugin() {
        return plugin;
    }

    String version() {
        return version;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where it is published, and where its release document is. */
    String path() {
        return "/api/v1/plugins/" + plugin + "/" + version;
    }

    String coordinate() {
        return plugin + "@" + version;
    }

    /** As {@code sha256:<hex>}. */
    String digest() {
        return "sha256:" + HexFormat.of().formatHex(sha256);
    }

    /** As {@code Repr-Digest} has it. */
    String reprDigest() {
        return "sha-256=:" + Base64.getEncoder().encodeToString(sha256) + ":";
    }

    /** 64 hex digits. */
    String sha256() {
        return HexFormat.of().formatHex(sha256);
    }

    /** 128 hex digits. */
    String sha512() {
        return HexFormat.of().formatHex(hash("SHA-512", bytes));
    }

    /** Of {@code META-INF/modunest/plugin.json}. */
    String manifestSha256() {
        return HexFormat.of().formatHex(hash("SHA-256", manifest.getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] hash(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has " + algorithm, impossible);
        }
    }
}
