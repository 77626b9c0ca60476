package dev.modunest.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.params.provider.Arguments;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Archives that are refused, each with the code that says why. */
final class RefusedArchives {

    private static final byte[] NO_BYTES = {};

    private RefusedArchives() {}

    static Stream<Arguments> all() {
        return Stream.of(
                        structure(),
                        entries(),
                        headers(),
                        names(),
                        sizes(),
                        jarRules(),
                        manifests())
                .flatMap(it -> it);
    }

    private static Stream<Arguments> structure() {
        byte[] good = RawZip.plugin().build();
        return Stream.of(
                of("not-a-zip", NO_BYTES),
                of("not-a-zip", "just text".getBytes(UTF_8)),
                of("not-a-zip", zip(z -> z.prefix = new byte[1])),
                of("truncated", Arrays.copyOf(good, 40)),
                of("truncated", Arrays.copyOf(good, good.length - 1)),
                of("truncated", Arrays.copyOf(good, good.length - 22)),
                of("truncated", Arrays.copyOf(good, good.length / 2)),
                of("unexpected-bytes", zip(z -> z.beforeDirectory = "gap!".getBytes(UTF_8))),
                of("unexpected-bytes", zip(z -> z.afterDirectory = "gap!".getBytes(UTF_8))),
                of("trailing-bytes", zip(z -> z.suffix = new byte[1])),
                of("trailing-bytes", zip(z -> z.suffix = new byte[300_000])),
                of("ambiguous-end", with("a.zip", good, false, e -> {})),
                of("archive-comment", zip(z -> z.comment = new byte[5])),
                of("bad-end-record", zip(z -> z.countDelta = 1)),
                of("bad-end-record", zip(z -> z.offsetDelta = 1)),
                of("bad-zip64", zip(z -> z.afterDirectory = RawZip.zip64End(3, 1, 1))),
                of("zip64-not-needed", zip(z -> z.afterDirectory = RawZip.zip64End(3, 1, 1))),
                of("manifest-missing", new RawZip().build()));
    }

    private static Stream<Arguments> entries() {
        byte[] nested = new RawZip().with("in.zip", RawZip.plugin().build()).build();
        return Stream.of(
                of(
                        "too-many-entries",
                        zip(z -> IntStream.range(0, 30).forEach(i -> z.with("f" + i, "")))),
                of(
                        "too-many-entries",
                        zip(
                                z ->
                                        IntStream.range(0, 30)
                                                .forEach(
                                                        i ->
                                                                z.with(
                                                                        "f" + i,
                                                                        NO_BYTES,
                                                                        true,
                                                                        e -> e.inLocal = false)))),
                of("hidden-entry", changed(e -> e.inCentral = false)),
                of("missing-entry", changed(e -> e.inLocal = false)),
                of("nested-too-deep", with("out.zip", nested, true, e -> {})),
                of("symbolic-link", changed(e -> e.attributes = 0120777)),
                of("special-file", changed(e -> e.attributes = 0010644)),
                of("special-file", changed(e -> e.attributes = 0177777)),
                of("special-file", with("acme/d/", NO_BYTES, true, e -> e.attributes = 0140755)),
                of("special-file", changed(e -> e.attributes = 0040755)),
                of("directory-with-data", with("acme/d/", new byte[3], true, e -> {})));
    }

    private static Stream<Arguments> headers() {
        return Stream.of(
                of("encrypted-entry", changed(e -> e.flags |= 1)),
                of("unsupported-flags", changed(e -> e.flags |= 1 << 5)),
                of("unsupported-flags", with("s", NO_BYTES, false, e -> e.flags |= 2)),
                of("unsupported-method", changed(e -> e.method = 12)),
                of("extra-field", changed(e -> e.localExtra = RawZip.extra(0x7075, 1))),
                of("extra-field", changed(e -> e.centralExtra = RawZip.extra(0x6375))),
                of("extra-field", changed(e -> e.localExtra = new byte[3])),
                of("extra-field", changed(e -> e.localExtra = new byte[] {1, 0, 9, 0})),
                of("zip64-not-needed", changed(e -> e.localExtra = RawZip.extra(1, 1, 2, 3))),
                of("zip64-not-needed", changed(e -> e.packedSize = 0xFFFFFFFFL)),
                of(
                        "stored-with-descriptor",
                        with("s", new byte[3], false, RawZip.Entry::described)),
                of("bad-descriptor", changed(e -> e.flags |= 8)),
                of(
                        "bad-descriptor",
                        changed(
                                e -> {
                                    e.flags |= 8;
                                    e.descriptor = RawZip.descriptor(e.crc, 1, 1);
                                })),
                of(
                        "bad-descriptor",
                        changed(
                                e -> {
                                    e.flags |= 8;
                                    e.descriptor =
                                            RawZip.descriptor(1, e.packedSize, e.unpackedSize);
                                })),
                of("header-mismatch", changed(e -> e.centralFlags = 0)),
                of("header-mismatch", changed(e -> e.centralMethod = 0)),
                of(
                        "header-mismatch",
                        changed(e -> e.centralName = "acme/dota.txt".getBytes(UTF_8))));
    }

    private static Stream<Arguments> names() {
        return Stream.of(
                named("absolute-path", "/etc/passwd"),
                named("absolute-path", "C:/x"),
                named("path-traversal", "../x"),
                named("path-traversal", "a/../../x"),
                named("path-traversal", "a/./x"),
                named("bad-name", "a//b"),
                named("bad-name", "a\\b"),
                named("bad-name", "a\0b"),
                named("bad-name", "a\u202eb"),
                named("bad-name", "e\u0301"),
                named("bad-name", "a."),
                named("bad-name", "a /b"),
                named("bad-name", "lib/AUX.txt"),
                named("bad-name", "com1"),
                named("bad-name", "a".repeat(256)),
                named("bad-name", ("a".repeat(99) + "/").repeat(6)),
                named("bad-name", ""),
                named("duplicate-entry", "acme/Main.class"),
                named("name-collision", "acme/MAIN.class"),
                named("name-collision", "ACME/main.CLASS"),
                named("file-directory-conflict", "acme"),
                named("file-directory-conflict", "acme/Main.class/x"),
                named("file-directory-conflict", "acme/Main.class/"));
    }

    private static Stream<Arguments> sizes() {
        byte[] random = new byte[5 << 20];
        new Random(1).nextBytes(random);
        byte[] zeros = new byte[3 << 20];
        byte[] data = "some data".getBytes(UTF_8);
        byte[] nestedBomb =
                new RawZip()
                        .with("a", Arrays.copyOf(random, 3 << 20))
                        .with("b", Arrays.copyOf(random, 3 << 20))
                        .build();
        return Stream.of(
                of("entry-too-large", with("r", random, false, e -> {})),
                of("unpacked-too-large", with("n", nestedBomb, true, e -> {})),
                of(
                        "unpacked-too-large",
                        zip(
                                z ->
                                        z.with("a", Arrays.copyOf(random, 3 << 20))
                                                .with("b", Arrays.copyOf(random, 4 << 20)))),
                of("entry-ratio", with("z", zeros, true, e -> {})),
                of("archive-ratio", with("z", zeros, true, e -> {})),
                of("bad-data", changed(e -> e.packed = new byte[] {-1, -1, -1, -1, -1})),
                of(
                        "bad-data",
                        changed(
                                e -> {
                                    e.packedSize -= 2;
                                    e.packed = Arrays.copyOf(e.packed, e.packed.length - 2);
                                })),
                of("crc-mismatch", changed(e -> e.crc++)),
                of("size-mismatch", changed(e -> e.unpackedSize++)),
                of("size-mismatch", with("s", data, false, e -> e.unpackedSize++)),
                of(
                        "size-mismatch",
                        changed(
                                e -> {
                                    e.packedSize += 4;
                                    e.packed = Arrays.copyOf(e.packed, e.packed.length + 4);
                                })));
    }

    private static Stream<Arguments> jarRules() {
        return Stream.of(
                named("reserved-package", "java/lang/Evil.class"),
                named("reserved-package", "META-INF/versions/21/sun/Evil.class"),
                named("versioned-meta-inf", "META-INF/versions/21/META-INF/services/x"),
                named("versioned-class", "META-INF/versions/21/acme/Other.class"),
                of("manifest-mf-misplaced", zip(z -> z.entries.add(z.entries.removeFirst()))),
                of(
                        "manifest-mf-too-large",
                        zip(
                                z -> {
                                    z.entries.removeFirst();
                                    z.entries.addFirst(
                                            new RawZip.Entry(
                                                    "META-INF/MANIFEST.MF",
                                                    new byte[70_000],
                                                    true));
                                })));
    }

    private static Stream<Arguments> manifests() {
        return Stream.of(
                of("manifest-missing", new RawZip().with("a", "b").build()),
                manifest("manifest-too-large", RawZip.MANIFEST + " ".repeat(2_000)),
                manifest("manifest-not-json", ""),
                manifest("manifest-not-json", "[]"),
                manifest("manifest-not-json", "{\"a\":1,\"a\":1}"),
                manifest("manifest-not-json", RawZip.MANIFEST + "{}"),
                manifest("manifest-not-json", "\ufeff" + RawZip.MANIFEST),
                manifest("manifest-not-json", "{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}"),
                of(
                        "manifest-not-json",
                        new RawZip().with(Manifest.PATH, new byte[] {'{', (byte) 0xFF}).build()),
                manifest("field-missing", "{}"),
                manifest("field-type", RawZip.MANIFEST.replace("\"1.2.3\"", "1.2")),
                manifest("field-value", RawZip.MANIFEST.replace("1.2.3", "1.2")),
                required("self-requirement", "{\"plugin\":\"acme/x\",\"range\":\"1\"}"),
                required(
                        "duplicate-requirement",
                        "{\"plugin\":\"a/b\",\"range\":\"1\"},{\"plugin\":\"a/b\",\"range\":\"2\"}"),
                manifest("entry-point-not-found", RawZip.MANIFEST.replace("acme.Main", "acme.No")),
                manifest("export-not-found", RawZip.MANIFEST.replace("[\"acme\"]", "[\"acne\"]")));
    }

    private static Arguments of(String code, byte[] jar) {
        return Arguments.of(code, jar);
    }

    private static Arguments named(String code, String name) {
        return of(code, with(name, NO_BYTES, true, e -> {}));
    }

    private static Arguments manifest(String code, String manifest) {
        return of(code, plugin(manifest).build());
    }

    private static Arguments required(String code, String requires) {
        return manifest(
                code,
                RawZip.MANIFEST.replace(
                        "\"exports\"", "\"requires\": [" + requires + "], \"exports\""));
    }

    static RawZip plugin(String manifest) {
        return new RawZip()
                .with("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n\r\n")
                .with(Manifest.PATH, manifest)
                .with("acme/Main.class", "not looked at");
    }

    private static byte[] zip(Consumer<RawZip> change) {
        return RawZip.plugin().change(change).build();
    }

    private static byte[] changed(Consumer<RawZip.Entry> change) {
        return RawZip.plugin().with(change).build();
    }

    static byte[] with(
            String name, byte[] content, boolean deflate, Consumer<RawZip.Entry> change) {
        return RawZip.plugin().with(name, content, deflate, change).build();
    }
}
