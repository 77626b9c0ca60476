package dev.modunest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;

class VersionRangeTest {

    @ParameterizedTest(name = "{0} has {1}: {2}")
    @MethodSource("cases")
    void answersThePublishedCases(String range, String version, boolean expected) {
        boolean everything = range.startsWith("+");
        VersionRange parsed = VersionRange.parse(everything ? range.substring(1) : range);
        Version candidate = Version.parse(version);

        assertThat(
                        everything
                                ? parsed.containsIncludingPrereleases(candidate)
                                : parsed.contains(candidate))
                .isEqualTo(expected);
    }

    static Stream<Arguments> cases() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(VersionRangeTest.class.getResourceAsStream("ranges.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(VersionRangeTest::cases);
        }
    }

    private static Stream<Arguments> cases(String line) {
        int end = line.lastIndexOf('|');
        int middle = line.lastIndexOf('|', end - 1);
        String range = line.substring(0, middle).strip();
        return Stream.concat(
                versions(line.substring(middle + 1, end)).map(v -> Arguments.of(range, v, true)),
                versions(line.substring(end + 1)).map(v -> Arguments.of(range, v, false)));
    }

    private static Stream<String> versions(String text) {
        return Arrays.stream(text.strip().split(" ")).filter(version -> !version.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ">01.02.03",
                "~1.2.3beta",
                "one",
                "1.2.3.4",
                ">",
                "<=",
                "~",
                "^",
                "=>1",
                "><1",
                "1.2.3 - ",
                "- 1.2.3",
                "1 -2",
                "1  -  2  -  3",
                "1 | 2",
                "|",
                "|||",
                "x.1",
                "1.x.3",
                "^^1",
                "~~1",
                "^~1",
                "^>1",
                "!1",
                "==1.2.3",
                "vv1.2.3",
                "> = 1",
                "v 1",
                "1.2.3-01",
                "1.2.3-a..b",
                "1.2.3+",
                "9007199254740991",
                "^9007199254740991",
                ">9007199254740992.0.0",
                "1**",
                "1.2.3 foo",
                "1,2"
            })
    void refusesWhatNpmRefuses(String text) {
        assertThat(VersionRange.tryParse(text)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VersionRange.parse(text))
                .withMessageContaining("is not a version range: write ^1.2");
    }

    @Test
    void aFewRangesAreValidInOneModeOnly() {
        VersionRange everything =
                VersionRange.tryParseIncludingPrereleases("1.0.0 - =2.0.0").orElseThrow();

        assertThat(VersionRange.tryParse("1.0.0 - =2.0.0")).isEmpty();
        assertThat(everything.containsIncludingPrereleases(Version.parse("2.0.0"))).isTrue();
        assertThat(everything.contains(Version.parse("2.0.0"))).isFalse();

        VersionRange releases = VersionRange.parse("1.0.0 - 2.0.9007199254740991");
        assertThat(releases.contains(Version.parse("2.0.0"))).isTrue();
        assertThat(releases.containsIncludingPrereleases(Version.parse("2.0.0"))).isFalse();
    }

    @Test
    void blanksAreThoseOfEcmaScript() {
        Version version = Version.parse("1.2.3");

        assertThat(VersionRange.parse("\ufeff>=\u00a01\u2003\t<2\n").contains(version)).isTrue();
        assertThat(VersionRange.tryParse(">=1\u0085<2")).isEmpty();
    }

    @Test
    void rangesAreEqualWhenWrittenTheSame() {
        assertThat(VersionRange.parse("^1"))
                .isEqualTo(VersionRange.parse("^1"))
                .hasSameHashCodeAs(VersionRange.parse("^1"))
                .isNotEqualTo(VersionRange.parse("^1.0"))
                .hasToString("^1");
    }
}
