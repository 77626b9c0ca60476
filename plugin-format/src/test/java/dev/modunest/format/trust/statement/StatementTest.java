package dev.modunest.format.trust.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.json.JsonFields;
import dev.modunest.format.trust.testing.TrustFixture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class StatementTest {

    private static final ReleaseStatement RELEASE = TrustFixture.statement(TrustFixture.JAR);
    private static final Digest DIGEST = Digest.ofBytes(new byte[0]);

    private static Statement read(String payload) {
        return Statement.parse(
                new DsseEnvelope(
                        DsseEnvelope.IN_TOTO,
                        payload.getBytes(StandardCharsets.UTF_8),
                        new byte[1]));
    }

    private static String text(Statement statement) {
        return new String(statement.payload(), StandardCharsets.UTF_8);
    }

    @Test
    void releasesAreReadAsTheyWereWritten() {
        assertThat(ReleaseStatement.of(read(text(RELEASE.statement())))).isEqualTo(RELEASE);
    }

    @Test
    void summariesAreReadAsTheyWereWritten() {
        VerificationSummary summary = TrustFixture.summary(RELEASE, List.of(), TrustFixture.NOW);
        assertThat(VerificationSummary.of(read(text(summary.statement())))).isEqualTo(summary);
    }

    @Test
    void actsAreReadAsTheyWereWritten() {
        RegistryAct act =
                new RegistryAct(
                        "yank",
                        "release",
                        "pkg:plugin/acme/csv-query@1.2.3",
                        DIGEST,
                        TrustFixture.NOW,
                        StrictJson.object("{\"reason\":\"broken\"}"));
        assertThat(RegistryAct.of(read(text(act.statement())))).isEqualTo(act);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                new RegistryAct(
                                        "Yank!",
                                        "release",
                                        "x",
                                        DIGEST,
                                        TrustFixture.NOW,
                                        act.detail()));
    }

    @Test
    void provenanceSaysWhoBuilt() {
        Statement statement =
                new Statement(
                        new Subject("a.jar", DIGEST, Optional.empty()),
                        BuildProvenance.TYPE,
                        StrictJson.object(
                                """
                                {"buildDefinition": {"buildType": "https://ci.example.org/job",
                                   "externalParameters": {"ref": "main"}},
                                 "runDetails": {"builder": {"id": "https://ci.example.org/l2"}}}
                                """));
        BuildProvenance provenance = BuildProvenance.of(statement);
        assertThat(provenance.builder()).isEqualTo("https://ci.example.org/l2");
        assertThat(provenance.artifact()).isEqualTo(DIGEST);
        assertThatIllegalArgumentException().isThrownBy(() -> ReleaseStatement.of(statement));
    }

    @Test
    void signaturesAreOverTheEncodingOfDsse() {
        assertThat(
                        new String(
                                DsseEnvelope.pae(
                                        "http://example.com/HelloWorld",
                                        "hello world".getBytes(StandardCharsets.UTF_8)),
                                StandardCharsets.UTF_8))
                .isEqualTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world");
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Statement/v1|Statement/v0.1|another type",
                "\"_type\"|\"_typ\"|no type",
                "\"predicateType\":|\"x\":1,\"predicateType\":|a field more",
                "release/v0.1|release/v0.2|another predicate",
                "\"purl\":\"pkg:plugin/acme/csv-query@1.2.3\"|\"purl\":\"pkg:plugin/acme/csv-query@1.2.4\"|two"
                        + " versions",
                "\"packageId\":\"acme/|\"packageId\":\"acm3/|another package",
                "\"releaseId\":\"acme/|\"releaseId\":\"acm3/|another release",
                "\"name\":\"pkg|\"name\":\"pkh|another subject",
                "\"net.outbound\"|\"net.outbound\",\"a\"|capabilities out of order",
                "\"net.outbound\"|5|a capability that is a number",
                "\"sha512\":\"|\"sha512\":\"A|a malformed SHA-512",
                "\"sha256\":\"|\"sha256\":\"A|a malformed SHA-256",
                "\"subject\":[|\"subject\":[{},|two subjects",
                "\"subject\":[|\"subject\":[7,|a subject that is a number",
                "\"capabilities\":[|\"capability\":[|a field of another name",
                "\"predicate\":{|\"predicate\":{\"purl\":\"\",|a field twice"
            })
    void refusesStatements(String what, String by, String why) {
        String payload = text(RELEASE.statement());
        assertThat(payload).contains(what);
        assertThatIllegalArgumentException()
                .as(why)
                .isThrownBy(() -> ReleaseStatement.of(read(payload.replace(what, by))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PASSED|passed",
                "\"1.1\"|\"1.0\"",
                "2026-11-20T12:00:00Z|yesterday",
                "\"resourceUri\":\"pkg:plugin/acme|\"resourceUri\":\"pkg:plugin/acm3",
                "\"verifiedLevels\":[|\"verifiedLevels\":[1,",
                "\"verifier\":{|\"verifier\":{\"id\":\"x\",",
                "\"inputAttestations\":[]|\"inputAttestations\":{}"
            })
    void refusesSummaries(String what, String by) {
        String payload =
                text(TrustFixture.summary(RELEASE, List.of(), TrustFixture.NOW).statement());
        assertThat(payload).contains(what);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VerificationSummary.of(read(payload.replace(what, by))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"payload\":\"e30=\",\"payloadType\":\"t\",\"signatures\":[]}",
                "{\"payload\":\"e30=\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"AA==\"},{\"sig\":\"AA==\"}]}",
                "{\"payload\":\"e30=\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"AB==\"}]}",
                "{\"payload\":\"e30\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"AA==\"}]}",
                "{\"payload\":\"e3-=\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"AA==\"}]}",
                "{\"payload\":\"e30=\",\"signatures\":[{\"sig\":\"AA==\"}]}",
                "{\"payload\":\"e30=\",\"payloadType\":\"t\",\"signatures\":[{\"sig\":\"AA==\",\"keyid\":\"\"}]}"
            })
    void refusesEnvelopes(String json) {
        JsonFields fields = JsonFields.parse(json.getBytes(StandardCharsets.UTF_8), "envelope");
        assertThatIllegalArgumentException().isThrownBy(() -> DsseEnvelope.parse(fields));
    }

    @Test
    void refusesAnotherPayloadType() {
        DsseEnvelope envelope =
                new DsseEnvelope("text/plain", RELEASE.statement().payload(), new byte[1]);
        assertThatIllegalArgumentException().isThrownBy(() -> Statement.parse(envelope));
    }

    @ParameterizedTest
    @CsvSource({
        "acme/csv-query@1.2.3, pkg:plugin/acme/csv-query@1.2.3",
        "acme/a@1.0.0-rc.1, pkg:plugin/acme/a@1.0.0-rc.1"
    })
    void releasesHavePackageUrls(String coordinate, String purl) {
        assertThat(Purl.of(Coordinate.parse(coordinate))).isEqualTo(purl);
        assertThat(Purl.parse(purl)).isEqualTo(Coordinate.parse(coordinate));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pkg:maven/a/b@1.0.0",
                "pkg:plugin/acme/a",
                "pkg:plugin/acme/a@1.0.0+b",
                "pkg:plugin/acme/a@1.0.0?x=y"
            })
    void refusesPackageUrls(String purl) {
        assertThatIllegalArgumentException().isThrownBy(() -> Purl.parse(purl));
    }
}
