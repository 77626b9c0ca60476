package dev.modunest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

class PluginArchiveTest {

    private static final byte[] NO_BYTES = {};

    /** Small limits, so that small archives reach them. */
    private static final ArchiveLimits SMALL =
            new ArchiveLimits(20, 6 << 20, 4 << 20, 2_000, 100, 50, 1);

    @Test
    void acceptsAPluginAndTellsWhatItIs() throws IOException {
        byte[] jar = RawZip.plugin().with("acme/a.txt", "1234").build();

        Inspection.Accepted accepted = accepted(jar);

        assertThat(accepted.manifest().coordinate()).hasToString("acme/x@1.2.3");
        assertThat(accepted.manifest().entryPoint()).contains("acme.Main");
        assertThat(accepted.manifestJson()).isEqualTo(RawZip.MANIFEST);
        assertThat(accepted.unknownFields()).isEmpty();
        assertThat(accepted.entries()).isEqualTo(4);
        assertThat(accepted.size()).isEqualTo(jar.length);
        assertThat(accepted.unpackedSize()).isEqualTo(RawZip.MANIFEST.length() + 13 + 25 + 4);
    }

    @Test
    void acceptsWhatTheJdkWrites() throws IOException {
        accepted(written(new ByteArrayOutputStream(), true, false));
        accepted(written(new ByteArrayOutputStream(), false, false));
        accepted(written(new ByteArrayOutputStream(), false, true));
    }

    private static byte[] written(ByteArrayOutputStream bytes, boolean jar, boolean stored)
            throws IOException {
        try (ZipOutputStream out = jar ? new JarOutputStream(bytes) : new ZipOutputStream(bytes)) {
            for (String name : List.of("acme/", Manifest.PATH, "acme/Main.class", "acme/é.txt")) {
                byte[] content = name.endsWith("/") ? NO_BYTES : RawZip.MANIFEST.getBytes(UTF_8);
                ZipEntry entry = new ZipEntry(name);
                if (stored) {
                    CRC32 crc = new CRC32();
                    crc.update(content);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(content.length);
                    entry.setCrc(crc.getValue());
                }
                entry.setLastModifiedTime(java.nio.file.attribute.FileTime.fromMillis(1));
                out.putNextEntry(entry);
                out.write(content);
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void acceptsHarmlessOddities() throws IOException {
        accepted(
                RawZip.plugin()
                        .with(entry -> entry.flags |= 2)
                        .with(
                                "acme/b",
                                NO_BYTES,
                                true,
                                entry -> {
                                    entry.localExtra = RawZip.extra(0x7875, 1, 0, 0);
                                    entry.centralExtra = RawZip.extra(0xCAFE);
                                    entry.attributes = 0100644;
                                })
                        .with("acme/c/", NO_BYTES, false, entry -> entry.attributes = 0140755)
                        .with("acme/d/", NO_BYTES, false, entry -> entry.attributes = 0040755)
                        .with(
                                "acme/e",
                                NO_BYTES,
                                false,
                                entry -> entry.localExtra = RawZip.extra(1, new int[16]))
                        .build());
    }

    @Test
    void acceptsANestedArchiveAndDataThatBeginsLikeOne() throws IOException {
        byte[] nested = RawZip.plugin().with("a", new byte[100]).build();
        byte[] damaged = Arrays.copyOf(nested, nested.length / 2);
        byte[] encrypted = RawZip.plugin().change(zip -> zip.entries.get(0).flags |= 1).build();
        byte[] described =
                RawZip.plugin().change(zip -> zip.entries.forEach(RawZip.Entry::described)).build();

        accepted(
                RawZip.plugin()
                        .with("lib/a.jar", nested)
                        .with("lib/b.jar", damaged)
                        .with("lib/c.jar", encrypted)
                        .with("lib/d.jar", described)
                        .with("lib/e.jar", "PK\3\4 and then something else")
                        .build());
    }

    @Test
    void acceptsAVersionedClassThatTheBaseHas() throws IOException {
        accepted(
                RawZip.plugin()
                        .with("META-INF/versions/21/acme/Main.class", "newer")
                        .with("META-INF/versions/9/module-info.class", "module")
                        .with("META-INF/versions/21/acme/more.txt", "text")
                        .build());
    }

    @Test
    void keepsAndReportsUnknownFields() throws IOException {
        String manifest =
                RawZip.MANIFEST
                        .replace("\"exports\"", "\"x/y~\": {\"deep\": [1]}, \"exports\"")
                        .replace(
                                "\"exports\"",
                                "\"requires\": [{\"plugin\":\"a/b\",\"range\":\"1\",\"why\":1}],"
                                        + " \"exports\"");

        Inspection.Accepted accepted = accepted(plugin(manifest).build());

        assertThat(accepted.unknownFields())
                .containsExactlyInAnyOrder("/x~1y~0", "/requires/0/why");
        assertThat(accepted.manifestJson()).isEqualTo(manifest);
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("refused")
    void refuses(String code, byte[] jar) throws IOException {
        assertThat(codes(jar)).contains(code);
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("refused")
    void readsARefusedArchiveToItsEnd(String code, byte[] jar) throws IOException {
        InputStream in = new ByteArrayInputStream(jar);

        assertThat(PluginArchive.inspect(in, SMALL)).isInstanceOf(Inspection.Refused.class);

        assertThat(in.read()).as(code).isEqualTo(-1);
    }

    @Test
    void everyCodeHasItsCase() {
        Set<String> shown = refused().map(it -> (String) it.get()[0]).collect(Collectors.toSet());

        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ArchiveCode.values()).map(ArchiveCode::code).toList());
    }

    static Stream<Arguments> refused() {
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

    @Test
    void reportsEverythingItFindsWithTheFigures() throws IOException {
        List<ArchiveProblem> problems =
                refused(
                        plugin("{\"manifest_version\": 2, \"name\": \"X\", \"version\": 3}")
                                .with("../evil", "x")
                                .with("java/Evil.class", "x")
                                .with(e -> e.crc++)
                                .build());

        assertThat(problems)
                .extracting(problem -> problem.code() + " " + problem.where())
                .contains(
                        "path-traversal ../evil",
                        "reserved-package java/Evil.class",
                        "crc-mismatch acme/data.txt",
                        "field-value /manifest_version",
                        "field-missing /namespace",
                        "field-value /name",
                        "field-type /version",
                        "field-missing /entry_point");
        assertThat(problems)
                .allSatisfy(problem -> assertThat(problem.detail()).isNotBlank())
                .allSatisfy(problem -> assertThat(problem.fix()).isNotBlank());
    }

    @Test
    void namesLimitAndActualValue() throws IOException {
        ArchiveProblem ratio =
                refused(with("z", new byte[3 << 20], true, e -> {})).stream()
                        .filter(problem -> problem.code().equals("entry-ratio"))
                        .findFirst()
                        .orElseThrow();

        assertThat(ratio.detail()).contains("3145728", "the limit is 100");
        assertThat(ratio.toString()).startsWith("entry-ratio at z: ").contains("Leave out");
    }

    @Test
    void reportsAtMostAHundredProblems() throws IOException {
        RawZip zip = new RawZip();
        for (int i = 0; i < 300; i++) {
            zip.with("../" + i, "x");
        }

        Inspection inspection =
                PluginArchive.inspect(new ByteArrayInputStream(zip.build()), ArchiveLimits.DEFAULT);

        assertThat(((Inspection.Refused) inspection).problems()).hasSize(Findings.MAX);
    }

    @Test
    void controlCharactersOfNamesAreNotRepeated() throws IOException {
        assertThat(refused(with("a\nb\u202e" + "c".repeat(200), NO_BYTES, true, e -> {})))
                .extracting(ArchiveProblem::where)
                .allMatch(where -> where.indexOf('\n') < 0 && where.length() < 200);
    }

    @Test
    void failuresOfTheStreamAreTheCallers() {
        InputStream broken =
                new java.io.SequenceInputStream(
                        new ByteArrayInputStream(Arrays.copyOf(RawZip.plugin().build(), 50)),
                        new FailingStream());

        assertThatThrownBy(() -> PluginArchive.inspect(broken, SMALL))
                .isInstanceOf(IOException.class)
                .hasMessage("connection reset");
    }

    private static final class FailingStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("connection reset");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return read();
        }
    }

    @Test
    void readsStreamsThatGiveOneByteAtATime() throws IOException {
        byte[] jar = RawZip.plugin().with("lib/a.zip", RawZip.plugin().build()).build();
        InputStream slow =
                new ByteArrayInputStream(jar) {
                    @Override
                    public synchronized int read(byte[] into, int offset, int length) {
                        return super.read(into, offset, Math.min(1, length));
                    }
                };

        assertThat(PluginArchive.inspect(slow, SMALL)).isInstanceOf(Inspection.Accepted.class);
    }

    @Test
    void readsZip64WhereItIsNeeded() throws IOException {
        ArchiveLimits many = new ArchiveLimits(70_000, 1 << 20, 1 << 20, 2_000, 100, 50, 1);
        byte[] jar = manyEntries();

        assertThat(PluginArchive.inspect(new ByteArrayInputStream(jar), many))
                .isInstanceOf(Inspection.Accepted.class);
        assertThat(codes(jar)).contains("too-many-entries");
    }

    private static byte[] manyEntries() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry(Manifest.PATH));
            out.write(RawZip.MANIFEST.getBytes(UTF_8));
            out.putNextEntry(new ZipEntry("acme/Main.class"));
            for (int i = 0; i < 66_000; i++) {
                out.putNextEntry(new ZipEntry("d/" + i));
            }
        }
        return bytes.toByteArray();
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

    private static RawZip plugin(String manifest) {
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

    private static byte[] with(
            String name, byte[] content, boolean deflate, Consumer<RawZip.Entry> change) {
        return RawZip.plugin().with(name, content, deflate, change).build();
    }

    private static Inspection.Accepted accepted(byte[] jar) throws IOException {
        return switch (PluginArchive.inspect(new ByteArrayInputStream(jar), SMALL)) {
            case Inspection.Accepted accepted -> accepted;
            case Inspection.Refused refused -> throw new AssertionError(refused.toString());
        };
    }

    private static List<ArchiveProblem> refused(byte[] jar) throws IOException {
        return switch (PluginArchive.inspect(new ByteArrayInputStream(jar), SMALL)) {
            case Inspection.Accepted accepted -> throw new AssertionError(accepted.toString());
            case Inspection.Refused refused -> refused.problems();
        };
    }

    private static Set<String> codes(byte[] jar) throws IOException {
        return refused(jar).stream()
                .map(ArchiveProblem::code)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
