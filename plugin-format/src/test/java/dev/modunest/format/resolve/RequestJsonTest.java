package dev.modunest.format.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Version;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

class RequestJsonTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void aMinimumAgeWithoutATimeIsTakenNow() {
        ResolveRequest request =
                read("{\"requirements\":[{\"plugin\":\"a/b\"}],\"min_age\":\"PT36H\"}");

        assertThat(request.policy().minimumAge())
                .contains(new ResolvePolicy.MinimumAge(Duration.ofHours(36), NOW));
    }

    @Test
    void aRequestSurvivesWritingAndReading() {
        ResolveRequest request =
                new ResolveRequest(
                        List.of(Requirement.parse("a/b@^1 || 3"), Requirement.parse("a/c")),
                        List.of(Coordinate.parse("a/c@2.0.0")),
                        List.of(Coordinate.parse("a/b@1.0.0")),
                        Optional.of(Version.parse("1.2.0")),
                        new ResolvePolicy(
                                true, Optional.empty(), ResolvePolicy.Preference.HIGHEST));

        assertThat(RequestJson.read(RequestJson.write(request), NOW)).isEqualTo(request);
    }

    @Test
    void allButRequirementsMayBeAbsent() {
        ResolveRequest request = read("{\"requirements\":[{\"plugin\":\"a/b\"}],\"host\":null}");

        assertThat(request.requirements()).containsExactly(Requirement.parse("a/b@*"));
        assertThat(request.installed()).isEmpty();
        assertThat(request.host()).isEmpty();
        assertThat(request.policy().includePrereleases()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {}                                                  | /requirements is missing or empty
                    {"requirements":[]}                                 | /requirements is missing or empty
                    {"requirements":{}}                                 | /requirements must be an array
                    {"requirements":[1]}                                | /requirements/0 must be a JSON object
                    {"requirements":[{"range":"1"}]}                    | /requirements/0/plugin is missing
                    {"requirements":[{"plugin":"x"}]}                   | /requirements/0/plugin: 'x' is not a plugin id
                    {"requirements":[{"plugin":"a/b","range":"one"}]}   | /requirements/0/range: 'one' is not a version range
                    {"requirements":[{"plugin":"a/b","range":1}]}       | /requirements/0/range must be a string
                    {"requirements":[{"plugin":"a/b","rang":"1"}]}      | /requirements/0/rang is unknown: the fields are plugin, range
                    {"requirements":[{"plugin":"a/b"}],"host":"one"}    | /host: 'one' is not a version
                    {"requirements":[{"plugin":"a/b"}],"installed":[1]} | /installed/0 must be a string
                    {"requirements":[{"plugin":"a/b"}],"include_prereleases":1} | must be true or false
                    {"requirements":[{"plugin":"a/b"}],"min_age":"3 days"} | /min_age: '3 days' is not a duration: write P3D
                    {"requirements":[{"plugin":"a/b"}],"min_age":"-P3D"} | is not a minimum age
                    {"requirements":[{"plugin":"a/b"}],"min_age":"P1D","as_of":"9999999-01-01T00:00:00Z"} | is not a time
                    {"requirements":[{"plugin":"a/b"}],"prefer":"lowest"} | /prefer: 'lowest' is not a preference: highest or installed
                    {"requirements":[],"requirements":[]}               | this is not JSON: Duplicate field 'requirements'
                    {"requirements":[{"plugin":"a/b"}]} {}              | this is not JSON
                    [[[[[[[[[[]]]]]]]]]]                                | this is not JSON
                    `` | the document must be a JSON object
                    """)
    void aBadRequestIsRefusedByTheFieldThatIsWrong(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RequestJson.read(json, NOW))
                .withMessageContaining(message);
    }

    @Test
    void requestsAreBounded() {
        String requirement = "{\"plugin\":\"a/b\"}";
        String many =
                String.join(
                        ",", Collections.nCopies(ResolveJson.MAX_REQUIREMENTS + 1, requirement));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("{\"requirements\":[" + many + "]}"))
                .withMessage("/requirements has 1001 items, more than the limit of 1000");
    }

    private static ResolveRequest read(String json) {
        return RequestJson.read(json, NOW);
    }
}
