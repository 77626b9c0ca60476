package dev.modunest.format.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.http.ByteRanges.Parts;
import dev.modunest.format.http.ByteRanges.Span;
import dev.modunest.format.http.ByteRanges.Unsatisfiable;
import dev.modunest.format.http.ByteRanges.Whole;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** Ranges and entity tags (RFC 9110), problem documents (RFC 9457). */
class HttpTest {

    /** Of a representation of 10,000 bytes, as RFC 9110 14.1.2 has it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bytes=0-499 | 0-499",
                "bytes=500-999 | 500-999",
                "bytes=-500 | 9500-9999",
                "bytes=9500- | 9500-9999",
                "bytes=0-0,-1 | 0-0 9999-9999",
                "bytes= 0-0, , 2-3 , | 0-0 2-3",
                "BYTES=0-0 | 0-0",
                "bytes=500-600,601-999 | 500-999",
                "bytes=500-700,601-999 | 500-999",
                "bytes=5-6,1-2 | 1-2 5-6",
                "bytes=9999-20000 | 9999-9999",
                "bytes=-20000 | 0-9999",
                "bytes=0-99999999999999999999999 | 0-9999",
                "bytes=-99999999999999999999999 | 0-9999",
                "bytes=20000-,0-1 | 0-1",
            })
    void readsRanges(String header, String expected) {
        assertThat(ByteRanges.parse(header, 10_000))
                .isInstanceOfSatisfying(
                        Parts.class,
                        parts ->
                                assertThat(
                                                parts.spans().stream()
                                                        .map(s -> s.first() + "-" + s.last())
                                                        .collect(Collectors.joining(" ")))
                                        .isEqualTo(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bytes", "items=0-5", "bytes 0-5"})
    void ignoresOtherUnits(String header) {
        assertThat(ByteRanges.parse(header, 10_000)).isEqualTo(new Whole());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=",
                "bytes=,",
                "bytes=-",
                "bytes=5",
                "bytes=5-4",
                "bytes=a-b",
                "bytes=1-2x",
                "bytes=--5",
                "bytes=1-2-3",
                "bytes=+1-2",
                "bytes=0-1,x"
            })
    void refusesWhatIsNoListOfRanges(String header) {
        assertThat(ByteRanges.parse(header, 10_000)).isEqualTo(new ByteRanges.Malformed());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=10000-",
                "bytes=-0",
                "bytes=99999999999999999999-",
                "bytes=20000-30000"
            })
    void saysWhenNothingCanBeServed(String header) {
        assertThat(ByteRanges.parse(header, 10_000)).isEqualTo(new Unsatisfiable());
    }

    @Test
    void anEmptyRepresentationHasNoRanges() {
        assertThat(ByteRanges.parse("bytes=0-", 0)).isEqualTo(new Unsatisfiable());
    }

    @Test
    void moreThanSixteenRangesAreAnsweredWithTheWhole() {
        String sixteen = "bytes=" + "1-1,".repeat(15) + "3-3";

        assertThat(ByteRanges.parse(sixteen, 10)).isInstanceOf(Parts.class);
        assertThat(ByteRanges.parse(sixteen + ",5-5", 10)).isEqualTo(new Whole());
    }

    @Test
    void spansKnowTheirLengthAndHeader() {
        Span span = new Span(2, 5);

        assertThat(span.length()).isEqualTo(4);
        assertThat(span.contentRange(10)).isEqualTo("bytes 2-5/10");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"x\" | \"x\" | true",
                "W/\"x\" | \"x\" | true",
                "\"x\" | W/\"x\" | true",
                "\"a\", \"x\" | \"x\" | true",
                "\"a\",W/\"x\" | \"x\" | true",
                "* | \"x\" | true",
                "\"a,x\" | \"x\" | false",
                "\"y\" | \"x\" | false",
                "x | \"x\" | false",
                "\"x | \"x\" | false",
                "W/ | \"x\" | false",
                "'' | \"x\" | false",
            })
    void ifNoneMatchComparesWeakly(String header, String current, boolean matches) {
        assertThat(EntityTags.matchesWeakly(header, current)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"x\" | \"x\" | true",
                "W/\"x\" | \"x\" | false",
                "W/\"x\" | W/\"x\" | false",
                "\"y\" | \"x\" | false",
                "Tue, 15 Nov 1994 08:12:31 GMT | \"x\" | false",
            })
    void ifRangeComparesStrongly(String header, String current, boolean matches) {
        assertThat(EntityTags.matchesStrongly(header, current)).isEqualTo(matches);
    }

    @Test
    void aProblemSurvivesWritingAndReading() {
        Problem problem =
                new Problem(
                        Problem.TYPE_PREFIX + "archive-refused",
                        "Archive refused",
                        422,
                        "2 problems",
                        "/api/v1/x",
                        List.of(new Problem.Fault("bad-name", "a//b", "empty segment", "Rename")),
                        "r-1");

        String json = new String(problem.toJson(), StandardCharsets.UTF_8);

        assertThat(json).contains("\"request_id\":\"r-1\"", "\"status\":422");
        assertThat(Problem.read(problem.toJson())).contains(problem);
        assertThat(problem.code()).isEqualTo("archive-refused");
    }

    @Test
    void aForeignProblemIsReadAsFarAsItGoes() {
        Problem problem =
                Problem.read(
                                "{\"type\":\"about:blank\",\"status\":404,\"x\":1}"
                                        .getBytes(StandardCharsets.UTF_8))
                        .orElseThrow();

        assertThat(problem.code()).isEqualTo("about:blank");
        assertThat(problem.title()).isEmpty();
        assertThat(problem.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "<html>",
                "{\"type\":",
                "{\"type\":\"x\",\"errors\":[null]}"
            })
    void whatIsNoProblemIsNotRead(String json) {
        assertThat(Problem.read(json.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
}
