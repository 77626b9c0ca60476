package dev.modunest.format;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Collections;

class LookAlikesTest {

    @ParameterizedTest
    @CsvSource({
        "acme/markdown, evil/markdwon",
        "acme/markdown, evil/markdow",
        "acme/markdown, evil/markdowns",
        "acme/markdown, evil/narkdown",
        "acme/markdown, evil/mark-down",
        "acme/google, evil/g00gle",
        "acme/xml-1o, evil/xml-10",
        "acme/modern, evil/modem",
        "acme/html, evil/htm1",
        "acme-corp/markdown, acme-corps/markdown",
        "acme-1/markdown, acme-i/markdown",
        "acme/http, evil/h-t-t-p",
    })
    void whatReadsAlikeResembles(String one, String other) {
        assertThat(LookAlikes.resemble(PluginId.parse(one), PluginId.parse(other))).isTrue();
        assertThat(LookAlikes.resemble(PluginId.parse(other), PluginId.parse(one))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "acme/markdown, acme/markdown",
        "acme/markdown, other/markdown",
        "acme/markdown, evil/markers",
        "acme/html, evil/htm",
        "acme/java-8, evil/java-9",
        "acme/java-8, evil/java-11",
        "acme/yaml, evil/toml",
        "acme/markdown, evil/down",
    })
    void whatIsMerelyNearDoesNot(String one, String other) {
        assertThat(LookAlikes.resemble(PluginId.parse(one), PluginId.parse(other))).isFalse();
        assertThat(LookAlikes.resemble(PluginId.parse(other), PluginId.parse(one))).isFalse();
    }

    @Property
    void namesThatReadAlikeShareAKey(@ForAll("names") String one, @ForAll("names") String other) {
        if (LookAlikes.readAlike(one, other)) {
            assertThat(Collections.disjoint(LookAlikes.keys(one), LookAlikes.keys(other)))
                    .isFalse();
        }
    }

    @Property
    void oneSlipIsADistanceOfOne(@ForAll("names") String one, @ForAll("names") String other) {
        assertThat(LookAlikes.isOneSlipApart(one, other)).isEqualTo(distance(one, other) == 1);
    }

    /** Few letters and lengths, so that near names are frequent. */
    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("ab1i").ofMinLength(4).ofMaxLength(7);
    }

    /** The textbook recurrence. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
