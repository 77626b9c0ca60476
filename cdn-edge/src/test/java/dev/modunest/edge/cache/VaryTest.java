package dev.modunest.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which requests are the same for a response that varies. */
final class VaryTest {

    @ParameterizedTest
    @CsvSource({
        "'en, de', 'de, en', true",
        "'en, de', 'EN,   De', true",
        "'en;q=0.5, de', 'de, en; q=0.5', true",
        "'en;q=0.5, de', 'en, de;q=0.5', false",
        "'en', 'en, de', false"
    })
    void languagesAreRankedByWeightAlone(String one, String other, boolean same) {
        assertThat(select("Accept-Language", one).equals(select("Accept-Language", other)))
                .isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource({"'1, 2', '1,2', true", "'1,2', '2,1', false", "'a', 'A', false"})
    void ofOtherFieldsOnlySpacesDoNotMatter(String one, String other, boolean same) {
        assertThat(select("Foo", one).equals(select("Foo", other))).isEqualTo(same);
    }

    @Test
    void absenceIsAValueOfItsOwn() {
        Vary vary = Vary.of(MultiMap.caseInsensitiveMultiMap().add("Vary", "Foo"));
        assertThat(vary.select(MultiMap.caseInsensitiveMultiMap()))
                .isNotEqualTo(select("Foo", ""))
                .isNotEqualTo(select("Foo", "-"));
    }

    @Test
    void linesAreOneList() {
        Vary vary = Vary.of(MultiMap.caseInsensitiveMultiMap().add("Vary", "Foo"));
        assertThat(vary.select(MultiMap.caseInsensitiveMultiMap().add("Foo", "1").add("Foo", "2")))
                .isEqualTo(select("Foo", "1, 2"));
    }

    private static Object select(String name, String value) {
        Vary vary = Vary.of(MultiMap.caseInsensitiveMultiMap().add("Vary", name));
        return vary.select(MultiMap.caseInsensitiveMultiMap().add(name, value));
    }
}
