package dev.modunest.format.fuzz;

import dev.modunest.format.StrictJson;
import dev.modunest.format.log.LogProof;
import dev.modunest.format.log.NoteKey;
import dev.modunest.format.trust.statement.DsseEnvelope;
import dev.modunest.format.trust.statement.RegistryAct;
import dev.modunest.format.trust.testing.TestAuthority;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.x509.RevocationReason;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Seeds of what is signed, by a registry that exists for the run. */
final class TrustSeeds {

    static final TrustFixture FIXTURE = new TrustFixture();
    static final TrustFixture.Release RELEASE = FIXTURE.release();

    private TrustSeeds() {}

    static List<byte[]> bundles() {
        return List.of(
                RELEASE.publisherBundle().bytes(),
                RELEASE.summaryBundle().bytes(),
                RELEASE.publisherBundle().publisherPart());
    }

    static List<byte[]> statements() {
        DsseEnvelope release = RELEASE.publisherBundle().envelope();
        DsseEnvelope summary = RELEASE.summaryBundle().envelope();
        RegistryAct act =
                new RegistryAct(
                        "yank",
                        "release",
                        TrustFixture.COORDINATE.toString(),
                        release.digest(),
                        TrustFixture.NOW,
                        StrictJson.JSON.createObjectNode().put("reason", "broken"));
        String provenance =
                """
                {"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"x","digest":{"sha256":"%s"}}],
                 "predicateType":"https://slsa.dev/provenance/v1","predicate":{
                 "buildDefinition":{"buildType":"https://ci.example.org/type","externalParameters":{}},
                 "runDetails":{"builder":{"id":"https://ci.example.org/builders/a"}}}}
                """
                        .formatted(release.digest().hex());
        return List.of(
                release.payload(),
                summary.payload(),
                act.statement().payload(),
                provenance.getBytes(StandardCharsets.UTF_8));
    }

    static List<byte[]> certificates() {
        return List.of(
                FIXTURE.publisher().certificate().der(),
                FIXTURE.issuing().certificate().der(),
                FIXTURE.rootAuthority().certificate().der(),
                FIXTURE.clock().certificate().der());
    }

    static List<byte[]> revocationLists() {
        TestAuthority.Revoked revoked =
                new TestAuthority.Revoked(
                        FIXTURE.publisher().certificate(),
                        TrustFixture.NOW,
                        RevocationReason.KEY_COMPROMISE,
                        Optional.of(TrustFixture.NOW));
        return List.of(
                FIXTURE.issuing()
                        .revokeDer(TrustFixture.NOW, Duration.ofDays(1), 7, List.of(revoked)),
                FIXTURE.issuing().revokeDer(TrustFixture.NOW, Duration.ofDays(1), 8, List.of()));
    }

    static List<byte[]> timeStamps() {
        return List.of(
                FIXTURE.clock().stamp(TrustFixture.JAR, TrustFixture.NOW, true),
                FIXTURE.clock().stamp(TrustFixture.JAR, TrustFixture.NOW, false));
    }

    static List<byte[]> trustedRoots() {
        return List.of(FIXTURE.trustedRoot().bytes());
    }

    static List<byte[]> notes() {
        LogProof proof = LogProof.parse(RELEASE.logProof());
        return Seeds.texts(
                proof.checkpoint().toString(),
                RELEASE.summaryBundle().logged().orElseThrow().proof().orElseThrow().checkpoint());
    }

    static List<byte[]> noteKeys() {
        List<NoteKey> keys = new ArrayList<>(FIXTURE.log().witnessKeys());
        keys.add(FIXTURE.log().mlDsaKey());
        return Seeds.texts(keys.stream().map(NoteKey::vkey).toArray(String[]::new));
    }

    static List<byte[]> logProofs() {
        return Seeds.texts(RELEASE.logProof());
    }
}
