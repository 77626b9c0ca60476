package dev.modunest.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

class VersionTest {

    @ParameterizedTest
    @CsvSource({
        "1.0.0, 1.0.0",
        "v1.2.3, 1.2.3",
        "' 1.2.3 ', 1.2.3",
        "1.2.3-0, 1.2.3-0",
        "1.2.3-1.2.3, 1.2.3-1.2.3",
        "1.2.3-1a, 1.2.3-1a",
        "1.2.3-alpha-1, 1.2.3-alpha-1",
        "1.2.3-alpha-.-beta, 1.2.3-alpha-.-beta",
        "1.2.3--, 1.2.3--",
        "1.2.3+456, 1.2.3",
        "1.2.3+build.1a, 1.2.3",
        "1.2.3+001, 1.2.3",
        "1.2.3-alpha+build, 1.2.3-alpha",
        "9007199254740991.0.0, 9007199254740991.0.0",
        "1.2.3-99999999999999999999, 1.2.3-99999999999999999999",
    })
    void readsAndWritesTheCanonicalForm(String text, String canonical) {
        assertThat(Version.parse(text)).hasToString(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2",
                "1.2.3.4",
                "1.2.x",
                "*",
                "=1.2.3",
                "vv1.2.3",
                "v 1.2.3",
                "V1.2.3",
                "01.2.3",
                "1.02.3",
                "1.2.03",
                "1.2.3-",
                "1.2.3-01",
                "1.2.3-a..b",
                "1.2.3-a.",
                "1.2.3+",
                "1.2.3+a..b",
                "1.2.3+a.",
                "1.2.3+a+b",
                "1.2.3-é",
                "1.2.3 4",
                "-1.2.3",
                "9007199254740992.0.0",
                "0.90071992547409910.0",
                "0.0.90071992547409910",
                "hello, world",
                "xyz",
                "1.2.3beta"
            })
    void refusesWhatNpmRefuses(String text) {
        assertThat(Version.tryParse(text)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Version.parse(text))
                .withMessageContaining("'" + text + "' is not a version");
    }

    @Test
    void isAtMost256CharactersLong() {
        assertThat(Version.tryParse("1.2.3-" + "a".repeat(250))).isPresent();
        assertThat(Version.tryParse("1.2.3-" + "a".repeat(251))).isEmpty();
        assertThat(Version.tryParse("1".repeat(255) + ".0.0")).isEmpty();
    }

    /** The left one is higher: npm's published comparisons. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0, 0.0.0-foo",
        "0.0.1, 0.0.0",
        "1.0.0, 0.9.9",
        "0.10.0, 0.9.0",
        "0.99.0, 0.10.0",
        "2.0.0, 1.2.3",
        "v1.0.0, 0.9.9",
        "1.2.3, 1.2.3-asdf",
        "1.2.3, 1.2.3-4",
        "1.2.3, 1.2.3-4-foo",
        "1.2.3-5-foo, 1.2.3-5",
        "1.2.3-5, 1.2.3-4",
        "1.2.3-5-foo, 1.2.3-5-Foo",
        "3.0.0, 2.7.2+asdf",
        "1.2.3-a.10, 1.2.3-a.5",
        "1.2.3-a.b, 1.2.3-a.5",
        "1.2.3-a.b, 1.2.3-a",
        "1.2.3-a.b.c.10.d.5, 1.2.3-a.b.c.5.d.100",
        "1.2.3-r2, 1.2.3-r100",
        "1.2.3-r100, 1.2.3-R2",
        "1.2.3-9007199254740993, 1.2.3-9007199254740992",
        "1.2.3-10000000000000000000, 1.2.3-9999999999999999999",
    })
    void ordersAsSemverDoes(String higher, String lower) {
        assertThat(Version.parse(higher)).isGreaterThan(Version.parse(lower));
        assertThat(Version.parse(lower)).isLessThan(Version.parse(higher));
    }

    @Test
    void buildMetadataHasNoPartInIdentity() {
        assertThat(Version.parse("1.2.3+a"))
                .isEqualTo(Version.parse("1.2.3+b"))
                .isEqualByComparingTo(Version.parse("1.2.3"));
    }

    @Test
    void canOnlyExistValid() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Version(-1, 0, 0, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Version(0, 1L << 53, 0, List.of()));
        for (String identifier : List.of("", "01", "a.b", "é")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Version(0, 0, 0, List.of(identifier)));
        }
    }

    @Property
    void theOrderIsTotalAndConsistentWithEquals(@ForAll long seed) {
        RangeFuzz fuzz = new RangeFuzz(seed);
        Version a = any(fuzz);
        Version b = any(fuzz);
        Version c = any(fuzz);

        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
        assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
        if (a.compareTo(b) <= 0 && b.compareTo(c) <= 0) {
            assertThat(a).isLessThanOrEqualTo(c);
        }
    }

    @Property
    void theCanonicalFormReadsBack(@ForAll long seed) {
        Version version = any(new RangeFuzz(seed));

        assertThat(Version.parse(version.toString())).isEqualTo(version);
    }

    private static Version any(RangeFuzz fuzz) {
        while (true) {
            Optional<Version> version = Version.tryParse(fuzz.version());
            if (version.isPresent()) {
                return version.get();
            }
        }
    }
}
