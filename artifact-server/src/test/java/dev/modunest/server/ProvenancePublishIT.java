package dev.modunest.server;

import static dev.modunest.server.OAuthForms.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.StrictJson;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.statement.BuildProvenance;
import dev.modunest.format.trust.statement.Statement;
import dev.modunest.format.trust.statement.Subject;
import dev.modunest.format.trust.statement.VerificationSummary;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Releases with provenance and a second signature, over HTTP. */
class ProvenancePublishIT {

    private static final String PLUGIN = "octo/tool";

    private static CiIssuer github;
    private static TestRegistry registry;
    private static TestPublisher job;
    private static TestPublisher owner;
    private static String builder;

    @BeforeAll
    static void start() {
        github = new CiIssuer();
        builder = github.uri() + "/octo/tool/.github/workflows/release.yml@refs/heads/main";
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_TOKENS_ISSUER",
                                CiIssuer.AUDIENCE,
                                "MODUNEST_TRUSTED_GITHUB_ISSUER",
                                github.uri().toString(),
                                "MODUNEST_TRUST_CERTIFICATES_BY_API_TOKEN",
                                "true",
                                "MODUNEST_PUBLISH_BUILDERS",
                                github.uri() + "/octo, https://gitlab.example/"));
        owner = owner();
        json(
                registry.call(
                        registry.token(),
                        "POST",
                        "/api/v1/plugins/" + PLUGIN + "/trusted-publishers",
                        """
                        {"provider": "github", "claims": {"repository_id": "4711", "repository_owner_id": 42,
                         "workflow": "release.yml", "environment": "production"}}
                        """),
                201);
        HttpResponse<byte[]> exchanged =
                OAuthForms.post(
                        registry,
                        "/oauth/token",
                        Map.of(
                                "grant_type",
                                OAuthForms.EXCHANGE,
                                "subject_token_type",
                                OAuthForms.ID_TOKEN,
                                "subject_token",
                                github.github().sign(github.algorithm()),
                                "scope",
                                "release.publish:" + PLUGIN));
        job =
                TestPublisher.certifiedOwner(
                        registry.uri("/"),
                        json(exchanged, 200).path("access_token").asText(),
                        "octo");
    }

    @AfterAll
    static void stop() {
        registry.close();
        github.close();
    }

    /** With another key each time. */
    private static TestPublisher owner() {
        return TestPublisher.certified(registry.uri("/"), registry.token(), "octo");
    }

    private static Statement provenance(byte[] jar, String by) {
        return new Statement(
                new Subject("tool.jar", Digest.ofBytes(jar), Optional.empty()),
                BuildProvenance.TYPE,
                StrictJson.object(
                        """
                        {"buildDefinition": {"buildType": "https://ci.example/t",
                          "externalParameters": {}}, "runDetails": {"builder": {"id": "%s"}}}
                        """
                                .formatted(by)));
    }

    private static HttpResponse<byte[]> publish(
            String coordinate, byte[] jar, ReleaseBundle... bundles) {
        for (ReleaseBundle bundle : bundles) {
            HttpResponse<byte[]> sent =
                    registry.send(
                            registry.request(
                                            "/api/v1/plugins/"
                                                    + coordinate.replace('@', '/')
                                                    + "/bundle")
                                    .header("Authorization", "Bearer " + registry.token())
                                    .PUT(HttpRequest.BodyPublishers.ofByteArray(bundle.bytes())));
            assertThat(json(sent, 201).path("digest").asText())
                    .isEqualTo(bundle.publisherDigest().toString());
        }
        return registry.publish(
                coordinate,
                jar,
                "Publisher-Bundle",
                Stream.of(bundles)
                        .map(bundle -> bundle.publisherDigest().toString())
                        .collect(Collectors.joining(", ")));
    }

    private static ReleaseBundle file(Coordinate release, String suffix) {
        HttpResponse<byte[]> response =
                registry.get(
                        "/artifacts/"
                                + release.plugin()
                                + "/"
                                + release.version()
                                + "/"
                                + release.fileName()
                                + suffix);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .contains(ReleaseBundle.MEDIA_TYPE);
        return ReleaseBundle.parse(response.body());
    }

    @Test
    void provenanceAndASecondSignatureAreServedNamedAndLogged() {
        Coordinate release = Coordinate.parse("octo/tool@1.0.0");
        byte[] jar = TestJars.library(release.toString());
        ReleaseBundle signed = job.sign(release, jar);
        ReleaseBundle built = job.sign(provenance(jar, builder));
        ReleaseBundle second = owner.sign(release, jar);

        JsonNode live = json(publish(release.toString(), jar, signed, built, second), 201);

        assertThat(live.path("level").asText()).isEqualTo("PS_L3");
        VerificationSummary summary =
                VerificationSummary.of(
                        Statement.parse(file(release, ".vsa.sigstore.json").envelope()));
        assertThat(summary.levels()).containsExactly("PS_L3");
        assertThat(summary.inputs())
                .extracting(VerificationSummary.Input::digest)
                .containsExactly(
                        signed.publisherDigest(),
                        built.publisherDigest(),
                        second.publisherDigest());
        String path = "https://localhost/artifacts/octo/tool/1.0.0/" + release.fileName();
        assertThat(summary.inputs())
                .extracting(VerificationSummary.Input::uri)
                .containsExactly(
                        path + ".sigstore.json",
                        path + ".provenance.sigstore.json",
                        path + ".second.sigstore.json");
        for (Map.Entry<String, ReleaseBundle> one :
                Map.of(
                                ".sigstore.json", signed,
                                ".provenance.sigstore.json", built,
                                ".second.sigstore.json", second)
                        .entrySet()) {
            ReleaseBundle served = file(release, one.getKey());
            assertThat(served.publisherDigest()).isEqualTo(one.getValue().publisherDigest());
            assertThat(served.logged()).isPresent();
            assertThat(served.timeStamps()).hasSize(1);
        }
        Awaiting.until(
                () ->
                        TestHost.of(registry)
                                .index(PLUGIN)
                                .filter(
                                        index ->
                                                index.at("/releases/0/level")
                                                        .asText()
                                                        .equals("PS_L3"))
                                .isPresent());
    }

    @Test
    void provenanceThatDoesNotCountLeavesTheLevelWhereItIs() {
        String coordinate = "octo/tool@0.1.0";
        byte[] jar = TestJars.library(coordinate);
        Coordinate release = Coordinate.parse(coordinate);
        JsonNode claimed =
                json(
                        publish(
                                coordinate,
                                jar,
                                job.sign(release, jar),
                                job.sign(provenance(jar, builder + "2"))),
                        201);
        assertThat(claimed.path("level").asText()).isEqualTo("PS_L2");
        byte[] other = TestJars.library("octo/tool@0.2.0");
        JsonNode byHand =
                json(
                        publish(
                                "octo/tool@0.2.0",
                                other,
                                owner.sign(Coordinate.parse("octo/tool@0.2.0"), other),
                                owner.sign(provenance(other, builder))),
                        201);
        assertThat(byHand.path("level").asText()).isEqualTo("PS_L2");
    }

    private static void refuses(
            String coordinate, byte[] jar, String because, ReleaseBundle... bundles) {
        TestRegistry.assertProblem(
                publish(coordinate, jar, bundles), 422, "signature-refused", because);
    }

    @Test
    void furtherBundlesThatDoNotFitAreRefusedWithTheFactThatFailed() {
        String coordinate = "octo/tool@2.0.0";
        Coordinate release = Coordinate.parse(coordinate);
        byte[] jar = TestJars.library(coordinate);
        ReleaseBundle signed = owner.sign(release, jar);
        ReleaseBundle built = job.sign(provenance(jar, builder));
        refuses(coordinate, jar, "provenance alone", built);
        refuses(
                coordinate,
                jar,
                "more than one provenance",
                signed,
                built,
                job.sign(provenance(jar, builder + "2")));
        refuses(
                coordinate,
                jar,
                "of the artifact",
                signed,
                job.sign(provenance(new byte[1], builder)));
        refuses(coordinate, jar, "with the key of the first", signed, owner.sign(release, jar));
        refuses(coordinate, jar, "another owner", signed, owner().sign(release, jar));
        refuses(
                coordinate,
                jar,
                "more than one second signature",
                signed,
                job.sign(release, jar),
                owner().sign(release, jar));
        TestRegistry.assertProblem(
                registry.publish(
                        coordinate,
                        jar,
                        "Publisher-Bundle",
                        Stream.of(1, 2, 3, 4)
                                .map(i -> Digest.ofBytes(new byte[i]).toString())
                                .collect(Collectors.joining(","))),
                400,
                "digest-header-invalid",
                "at most");
    }

    @Test
    void provenanceThatIsNoneIsNotTaken() {
        HttpResponse<byte[]> response =
                registry.send(
                        registry.request("/api/v1/plugins/octo/tool/3.0.0/bundle")
                                .header("Authorization", "Bearer " + registry.token())
                                .PUT(
                                        HttpRequest.BodyPublishers.ofByteArray(
                                                job.sign(
                                                                new Statement(
                                                                        new Subject(
                                                                                "x",
                                                                                Digest.ofBytes(
                                                                                        new byte
                                                                                                [1]),
                                                                                Optional.empty()),
                                                                        BuildProvenance.TYPE,
                                                                        StrictJson.object("{}")))
                                                        .bytes())));
        TestRegistry.assertProblem(response, 422, "signature-refused", "buildDefinition");
    }
}
