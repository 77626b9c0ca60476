package dev.modunest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
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
                        .with("acme/c/", NO_BYTES, false, entry -> entry.attributes = 0177777)
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

        Inspection.Accepted accepted = accepted(RefusedArchives.plugin(manifest).build());

        assertThat(accepted.unknownFields())
                .containsExactlyInAnyOrder("/x~1y~0", "/requires/0/why");
        assertThat(accepted.manifestJson()).isEqualTo(manifest);
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("dev.modunest.format.RefusedArchives#all")
    void refuses(String code, byte[] jar) throws IOException {
        assertThat(codes(jar)).contains(code);
    }

    @ParameterizedTest(name = "{0} {index}")
    @MethodSource("dev.modunest.format.RefusedArchives#all")
    void readsARefusedArchiveToItsEnd(String code, byte[] jar) throws IOException {
        InputStream in = new ByteArrayInputStream(jar);

        assertThat(PluginArchive.inspect(in, SMALL)).isInstanceOf(Inspection.Refused.class);

        assertThat(in.read()).as(code).isEqualTo(-1);
    }

    @Test
    void everyCodeHasItsCase() {
        Set<String> shown =
                RefusedArchives.all().map(it -> (String) it.get()[0]).collect(Collectors.toSet());

        assertThat(shown)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ArchiveCode.values()).map(ArchiveCode::code).toList());
    }

    @Test
    void reportsEverythingItFindsWithTheFigures() throws IOException {
        List<ArchiveProblem> problems =
                refused(
                        RefusedArchives.plugin(
                                        "{\"manifest_version\": 2, \"name\": \"X\", \"version\": 3}")
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
                refused(RefusedArchives.with("z", new byte[3 << 20], true, e -> {})).stream()
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
        assertThat(
                        refused(
                                RefusedArchives.with(
                                        "a\nb\u202e" + "c".repeat(200), NO_BYTES, true, e -> {})))
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
