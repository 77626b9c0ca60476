package dev.modunest.format.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.ArchiveLimits;
import dev.modunest.format.CanonicalJson;
import dev.modunest.format.Coordinate;
import dev.modunest.format.Inspection;
import dev.modunest.format.PluginArchive;
import dev.modunest.format.StrictJson;
import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;
import dev.modunest.format.http.ByteRanges;
import dev.modunest.format.http.EntityTags;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipInputStream;

/** What holds of archives, manifests, versions and HTTP headers. */
final class FormatChecks {

    private static final ArchiveLimits LIMITS =
            new ArchiveLimits(100, 4 << 20, 2 << 20, 1 << 16, 100, 50, 1);
    private static final List<Version> SAMPLES =
            List.of(
                    Version.parse("0.0.0"),
                    Version.parse("1.2.3"),
                    Version.parse("1.2.3-rc.1"),
                    Version.parse("2.0.0-0"),
                    Version.parse("10.20.30"));

    private FormatChecks() {}

    /** Judged the same in whatever pieces it comes; what is accepted has as many entries. */
    static void archive(byte[] data) throws IOException {
        Inspection whole = PluginArchive.inspect(new ByteArrayInputStream(data), LIMITS);
        assertThat(PluginArchive.inspect(drops(data), LIMITS)).isEqualTo(whole);
        if (whole instanceof Inspection.Accepted accepted) {
            assertThat(accepted.size()).isEqualTo(data.length);
            int entries = 0;
            try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(data))) {
                while (zip.getNextEntry() != null) {
                    entries++;
                }
            }
            assertThat(accepted.entries()).isEqualTo(entries);
        }
    }

    private static InputStream drops(byte[] data) {
        return new ByteArrayInputStream(data) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, 1 + (pos % 7)));
            }
        };
    }

    /** Kept as it is written; its coordinate is one. */
    static void manifest(byte[] data) throws IOException {
        byte[] jar = Seeds.jar(data);
        if (PluginArchive.inspect(new ByteArrayInputStream(jar), LIMITS)
                instanceof Inspection.Accepted accepted) {
            assertThat(accepted.manifestJson().getBytes(StandardCharsets.UTF_8)).isEqualTo(data);
            Coordinate coordinate = accepted.manifest().coordinate();
            assertThat(Coordinate.parse(coordinate.toString())).isEqualTo(coordinate);
        }
    }

    static void version(byte[] data) {
        Optional<Version> read = Version.tryParse(text(data));
        read.ifPresent(
                version -> {
                    assertThat(Version.parse(version.toString())).isEqualTo(version);
                    for (Version sample : SAMPLES) {
                        assertThat(Integer.signum(version.compareTo(sample)))
                                .isEqualTo(-Integer.signum(sample.compareTo(version)));
                    }
                });
    }

    /** Its written form is the same range. */
    static void versionRange(byte[] data) {
        Optional<VersionRange> read = VersionRange.tryParse(text(data));
        read.ifPresent(
                range -> {
                    VersionRange again = VersionRange.parse(range.toString());
                    assertThat(again).isEqualTo(range);
                    for (Version sample : SAMPLES) {
                        assertThat(again.contains(sample)).isEqualTo(range.contains(sample));
                    }
                });
    }

    static void canonicalJson(byte[] data) {
        String text;
        try {
            text = CanonicalJson.text(StrictJson.object(data));
        } catch (IllegalArgumentException refused) {
            return;
        }
        assertThat(CanonicalJson.text(StrictJson.object(text))).isEqualTo(text);
    }

    /** Parts lie in the representation, in order and apart. Eight bytes are its length. */
    static void rangeHeader(byte[] data) {
        if (data.length < Long.BYTES) {
            return;
        }
        long length = ByteBuffer.wrap(data).getLong() & Long.MAX_VALUE;
        String header = text(Arrays.copyOfRange(data, Long.BYTES, data.length));
        if (ByteRanges.parse(header, length) instanceof ByteRanges.Parts parts) {
            assertThat(parts.spans()).isNotEmpty().hasSizeLessThanOrEqualTo(ByteRanges.MAX_RANGES);
            long free = 0;
            for (ByteRanges.Span span : parts.spans()) {
                assertThat(span.first()).isBetween(free, span.last());
                assertThat(span.last()).isLessThan(length);
                free = span.last() + 2;
            }
        }
    }

    /** What matches strongly matches weakly. The first line is the current tag. */
    static void entityTags(byte[] data) {
        String[] lines = text(data).split("\n", 2);
        String header = lines.length < 2 ? "" : lines[1];
        String current = '"' + lines[0].replace("\"", "") + '"';
        boolean weakly = EntityTags.matchesWeakly(header, current);
        assertThat(EntityTags.matchesWeakly(header, "W/" + current)).isEqualTo(weakly);
        assertThat(EntityTags.matchesStrongly(header, "W/" + current)).isFalse();
        if (EntityTags.matchesStrongly(header, current)) {
            assertThat(weakly || !header.equals(header.strip())).isTrue();
        }
    }

    static String text(byte[] data) {
        return new String(data, StandardCharsets.UTF_8);
    }
}
