package dev.modunest.format.fuzz;

import dev.modunest.format.Manifest;
import dev.modunest.format.log.EntryBundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Seeds of what needs no keys. */
final class Seeds {

    private static final String MANIFEST =
            """
            {"manifest_version": 1, "namespace": "acme", "name": "x", "version": "1.2.3",
             "entry_point": "acme.Main", "exports": ["acme"], "permissions": ["net.out:a:443"],
             "requires": [{"plugin": "acme/y", "range": "^1.2", "optional": true}]}
            """;
    private static final String LIBRARY =
            """
            {"manifest_version": 1, "namespace": "acme", "name": "x", "version": "1.2.3-rc.1",
             "kind": "library", "title": "é", "host": ">=1 <2", "license": "MIT"}
            """;

    private Seeds() {}

    /** A jar with this manifest and one class. */
    static byte[] jar(byte[] manifest) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(Manifest.PATH));
            zip.write(manifest);
            zip.putNextEntry(new ZipEntry("acme/Main.class"));
            zip.write(new byte[] {(byte) 0xca, (byte) 0xfe, (byte) 0xba, (byte) 0xbe});
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        return out.toByteArray();
    }

    static List<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    static List<byte[]> archives() {
        return manifests().stream().map(Seeds::jar).toList();
    }

    static List<byte[]> manifests() {
        return texts(MANIFEST, LIBRARY, "{}");
    }

    static List<byte[]> versions() {
        return texts("1.2.3", "0.0.0-0", "1.0.0-alpha.1+build.5", "9007199254740991.0.0-x-y");
    }

    static List<byte[]> versionRanges() {
        return texts(
                "^1.2", "~1.2.3", ">=1 <2", "1.x || 2.*", "1.2.3 - 2.3", "", "<=1.2.3-rc.1 >0");
    }

    static List<byte[]> json() {
        return texts(
                "{\"b\":[1,-2,true,null],\"a\":{\"\\u20ac\\r\\ud83d\\ude00\":\"\\u0001\"}}",
                "{\"n\":9007199254740991,\"e\":1E2}");
    }

    static List<byte[]> rangeHeaders() {
        return Stream.of("bytes=0-0,-1", "bytes=5-, 2-3 ,9-9", "bytes=999-", "items=0-1")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .map(
                        text ->
                                ByteBuffer.allocate(Long.BYTES + text.length)
                                        .putLong(10)
                                        .put(text)
                                        .array())
                .toList();
    }

    static List<byte[]> entityTags() {
        return texts("a\n\"a\"", "a\nW/\"b\", \"a\"", "a\n*", "a\n\"a");
    }

    static List<byte[]> tilePaths() {
        return texts(
                "tile/0/000",
                "tile/entries/x001/x234/067.p/8",
                "tile/63/x009/999",
                "tile/7/1",
                "tile/1/x615/x615/x001/x001/x234/x234/067");
    }

    static List<byte[]> entryBundles() {
        byte[] two = EntryBundle.write(texts("one", ""));
        return List.of(Mutations.splice(two, 0, 0, new byte[] {2}), new byte[] {0});
    }
}
