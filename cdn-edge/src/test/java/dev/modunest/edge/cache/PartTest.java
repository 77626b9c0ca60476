package dev.modunest.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a 206 has, and which requests that answers. */
final class PartTest {

    private final Part part = Part.of("bytes 4-8/10", 5).orElseThrow();

    @Test
    void contentRangeTellsWhatIsThere() {
        assertThat(part).isEqualTo(new Part(4, 8, 10));
    }

    @ParameterizedTest
    @CsvSource({"bytes 4-9/10, 4, 8, 9", "bytes 4-9/20, 4, 8, 20"})
    void anEndBehindTheLastByteIsTakenFromTheContent(
            String told, long first, long last, long complete) {
        assertThat(Part.of(told, 5)).contains(new Part(first, last, complete));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes 4-8/*",
                "bytes */10",
                "bytes 4-7/10",
                "bytes 4-10/20",
                "bytes 8-4/10",
                "bytes 6-10/10",
                "lines 4-8/10",
                "bytes 4-8/99999999999999999999"
            })
    void whatDoesNotFitTheContentIsNoPart(String told) {
        assertThat(Part.of(told, 5)).isEmpty();
        assertThat(Part.of(null, 5)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=4-8, true",
        "bytes=5-6, true",
        "bytes=-6, false",
        "bytes=4-, false",
        "bytes=3-5, false",
        "bytes=8-9, false",
        "'bytes=4-4,8-8', true",
        "'bytes=0-0,8-8', false",
        "bytes=20-, false",
        "lines=4-8, false"
    })
    void onlyRangesWithinAreAnswered(String range, boolean answered) {
        assertThat(part.answers(request("Range", range), null)).isEqualTo(answered);
    }

    @Test
    void thePartUpToTheEndAnswersTheLastBytes() {
        Part end = new Part(5, 9, 10);
        assertThat(end.answers(request("Range", "bytes=-2"), null)).isTrue();
        assertThat(end.answers(request("Range", "bytes=7-"), null)).isTrue();
        assertThat(end.answers(request(), null)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'\"a\"', '\"a\"', true",
        "'\"a\"', '\"b\"', false",
        "'W/\"a\"', 'W/\"a\"', false",
        "'\"a\"',, false"
    })
    void aConditionOfTheRangeNeedsTheSameStrongTag(String ifRange, String tag, boolean answered) {
        MultiMap request = request("Range", "bytes=4-5", "If-Range", ifRange);
        assertThat(part.answers(request, tag)).isEqualTo(answered);
    }

    @Test
    void coversWhatHasFewerBytesOfTheSame() {
        assertThat(part.covers(new Part(5, 8, 10))).isTrue();
        assertThat(part.covers(new Part(3, 8, 10))).isFalse();
        assertThat(part.covers(new Part(5, 8, 11))).isFalse();
    }

    private static MultiMap request(String... fields) {
        MultiMap request = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < fields.length; i += 2) {
            request.add(fields[i], fields[i + 1]);
        }
        return request;
    }
}
