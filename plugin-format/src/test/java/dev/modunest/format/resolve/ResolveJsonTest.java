package dev.modunest.format.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;
import dev.modunest.format.Version;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

class ResolveJsonTest {

    private static final String DIGEST = Digest.ofBytes(new byte[0]).toString();

    @Test
    void anIndexLineHasTheDocumentedShape() {
        IndexEntry entry =
                Index.entry(
                        "acme/markdown@1.2.3",
                        Optional.of(dev.modunest.format.VersionRange.parse(">=1.0.0")),
                        false,
                        "acme/x ^1.0.0",
                        "?acme/y *");

        String line = ResolveJson.indexLine(entry);

        assertThat(line)
                .isEqualTo(
                        "{\"coordinate\":\"acme/markdown@1.2.3\",\"digest\":\""
                                + entry.digest()
                                + "\",\"size\":19,\"requires\":["
                                + "{\"plugin\":\"acme/x\",\"range\":\"^1.0.0\",\"optional\":false},"
                                + "{\"plugin\":\"acme/y\",\"range\":\"*\",\"optional\":true}],"
                                + "\"host\":\">=1.0.0\",\"status\":\"live\"}");
        assertThat(ResolveJson.readIndex("\n" + line + "\r\n \n" + line))
                .containsExactly(entry, entry);
    }

    @Test
    void anIndexLineTellsWhatBecameOfTheRelease() {
        IndexEntry live = Index.entry("acme/markdown@1.2.3", Optional.empty(), false);
        IndexEntry entry =
                new IndexEntry(
                        live.coordinate(),
                        live.digest(),
                        live.size(),
                        List.of(),
                        Optional.empty(),
                        new ReleaseStatus(
                                ReleaseStatus.State.QUARANTINED,
                                Optional.of("malware"),
                                Optional.of(
                                        new ReleaseStatus.Deprecation(
                                                "unmaintained",
                                                Optional.of(PluginId.parse("acme/y"))))),
                        Optional.of(Instant.parse("2026-11-01T10:00:00Z")));

        String line = ResolveJson.indexLine(entry);

        assertThat(line)
                .endsWith(
                        "\"published_at\":\"2026-11-01T10:00:00Z\",\"status\":\"quarantined\","
                                + "\"reason\":\"malware\","
                                + "\"deprecated\":{\"reason\":\"unmaintained\",\"replacement\":\"acme/y\"}}");
        assertThat(ResolveJson.readIndex(line)).containsExactly(entry);
        assertThatThrownBy(() -> ResolveJson.readIndex(line.replace("quarantined", "lost")))
                .hasMessageContaining("'lost' is not a status");
        assertThatThrownBy(() -> ResolveJson.readIndex(line.replace("2026-11-01T10", "soon")))
                .hasMessageContaining("is not a time");
        assertThatThrownBy(
                        () ->
                                new ReleaseStatus(
                                        ReleaseStatus.State.DELETED,
                                        Optional.empty(),
                                        Optional.empty()))
                .hasMessageContaining("has a reason");
    }

    @Test
    void anIndexIsReadLeniently() {
        String line =
                "{\"coordinate\":\"a/b@1.0.0\",\"digest\":\""
                        + DIGEST
                        + "\",\"size\":1,\"new\":{}}";

        IndexEntry entry = ResolveJson.readIndex(line).getFirst();

        assertThat(entry.requires()).isEmpty();
        assertThat(entry.host()).isEmpty();
        assertThat(entry.yanked()).isFalse();
    }

    @Test
    void aBadIndexLineIsNamed() {
        String good = "{\"coordinate\":\"a/b@1.0.0\",\"digest\":\"" + DIGEST + "\",\"size\":1}\n";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResolveJson.readIndex(good + "{\"coordinate\":1}"))
                .withMessage("index line 2: /coordinate must be a string");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResolveJson.readIndex(good + good + "nonsense"))
                .withMessageStartingWith("index line 3: this is not JSON");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResolveJson.readIndex(good.replace(":1}", ":-1}")))
                .withMessageContaining("/size must be a whole number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResolveJson.readIndex("[]"))
                .withMessageContaining("the document must be a JSON object");
    }

    @Test
    void aRequestSurvivesWritingAndReading() {
        ResolveRequest request =
                new ResolveRequest(
                        List.of(Requirement.parse("a/b@^1 || 3"), Requirement.parse("a/c")),
                        List.of(Coordinate.parse("a/b@1.0.0")),
                        Optional.of(Version.parse("1.2.0")),
                        true);

        assertThat(ResolveJson.readRequest(ResolveJson.request(request))).isEqualTo(request);
    }

    @Test
    void allButRequirementsMayBeAbsent() {
        ResolveRequest request =
                ResolveJson.readRequest("{\"requirements\":[{\"plugin\":\"a/b\"}],\"host\":null}");

        assertThat(request.requirements()).containsExactly(Requirement.parse("a/b@*"));
        assertThat(request.installed()).isEmpty();
        assertThat(request.host()).isEmpty();
        assertThat(request.includePrereleases()).isFalse();
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
                    {"requirements":[],"requirements":[]}               | this is not JSON: Duplicate field 'requirements'
                    {"requirements":[{"plugin":"a/b"}]} {}              | this is not JSON
                    [[[[[[[[[[]]]]]]]]]]                                | this is not JSON
                    `` | the document must be a JSON object
                    """)
    void aBadRequestIsRefusedByTheFieldThatIsWrong(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResolveJson.readRequest(json))
                .withMessageContaining(message);
    }

    @Test
    void requestsAreBounded() {
        String requirement = "{\"plugin\":\"a/b\"}";
        String many =
                String.join(
                        ",", Collections.nCopies(ResolveJson.MAX_REQUIREMENTS + 1, requirement));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResolveJson.readRequest("{\"requirements\":[" + many + "]}"))
                .withMessage("/requirements has 1001 items, more than the limit of 1000");
    }

    @Test
    void aPlanSurvivesWritingAndReading() {
        Digest digest = Digest.parse(DIGEST);
        Coordinate x = Coordinate.parse("acme/x@1.0.0");
        Plan plan =
                new Plan(
                        List.of(
                                new Plan.Step(x, digest, 3, "/artifacts/x", List.of()),
                                new Plan.Step(
                                        Coordinate.parse("acme/y@1.0.0"),
                                        digest,
                                        4,
                                        "/artifacts/y",
                                        List.of(x))));

        assertThat(ResolveJson.readPlan(ResolveJson.plan(plan))).isEqualTo(plan);
        assertThat(ResolveJson.plan(plan)).contains("\"requires\":[\"acme/x@1.0.0\"]");
    }
}
