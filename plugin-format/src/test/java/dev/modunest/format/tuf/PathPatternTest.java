package dev.modunest.format.tuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class PathPatternTest {

    @ParameterizedTest
    @CsvSource({
        "targets/*.tgz,     targets/foo.tgz,         true",
        "targets/*.tgz,     targets/foo.txt,         false",
        "foo-version-?.tgz, foo-version-2.tgz,       true",
        "foo-version-?.tgz, foo-version-alpha.tgz,   false",
        "*.tgz,             foo.tgz,                 true",
        "*.tgz,             targets/foo.tgz,         false",
        "foo.tgz,           foo.tgz,                 true",
        "foo.tgz,           Foo.tgz,                 false",
        "*,                 a/b,                     false",
        "*/*,               a/b,                     true",
        "a*b*c,             aXbXbXc,                 true",
        "a*b*c,             aXbXbXd,                 false",
        "*a,                aaab,                    false",
        "**,                x,                       true",
        "a?,                a/,                      false",
        "[a-c]x,            bx,                      true",
        "[a-c]x,            dx,                      false",
        "[!a-c]x,           dx,                      true",
        "[!a-c]x,           bx,                      false",
        "[]x]y,             ]y,                      true",
        "[a-]y,             -y,                      true",
        "[ab,               [ab,                     true",
        "'',                '',                      true",
        "a,                 '',                      false",
        "index/*/*.json,    index/acme/csv.json,     true",
        "index/*/*.json,    index/acme/a/csv.json,   false"
    })
    void matchesAsAShellDoesWithinSegments(String pattern, String path, boolean matches) {
        assertThat(PathPattern.matches(pattern, path)).isEqualTo(matches);
    }

    @Test
    void manyStarsDoNotTakeLong() {
        String pattern = "*a".repeat(500) + "b";
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(PathPattern.matches(pattern, "a".repeat(5_000))).isFalse());
    }
}
