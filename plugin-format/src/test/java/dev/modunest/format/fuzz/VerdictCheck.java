package dev.modunest.format.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;
import dev.modunest.format.trust.ReleaseEvidence;
import dev.modunest.format.trust.ReleaseVerifier;
import dev.modunest.format.trust.Verdict;
import dev.modunest.format.trust.bundle.ReleaseBundle;
import dev.modunest.format.trust.json.Octets;
import dev.modunest.format.trust.testing.TrustFixture;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The decision on a release whose evidence was edited: what is trusted is what was signed. The
 * first byte says what is edited; an edit is a place, how many bytes go there, how many come, and
 * those. So a search finds its way whatever the keys of the run are.
 */
final class VerdictCheck {

    private static final ReleaseVerifier VERIFIER = TrustSeeds.FIXTURE.verifier();
    private static final ReleaseEvidence GOOD = TrustSeeds.RELEASE.evidence();
    private static final ReleaseBundle PUBLISHER = TrustSeeds.RELEASE.publisherBundle();
    private static final ReleaseBundle SUMMARY = TrustSeeds.RELEASE.summaryBundle();

    private VerdictCheck() {}

    static void run(byte[] data) {
        ByteBuffer edits = ByteBuffer.wrap(data);
        int which = edits.hasRemaining() ? edits.get() & 3 : 0;
        byte[] publisher = which == 0 ? edited(PUBLISHER.bytes(), edits) : PUBLISHER.bytes();
        byte[] summary = which == 1 ? edited(SUMMARY.bytes(), edits) : SUMMARY.bytes();
        byte[] proof = GOOD.logProof().getBytes(StandardCharsets.UTF_8);
        Digest artifact =
                which == 3
                        ? Digest.ofBytes(edited(TrustFixture.JAR, edits))
                        : Digest.ofBytes(TrustFixture.JAR);
        ReleaseEvidence evidence =
                new ReleaseEvidence(
                        GOOD.coordinate(),
                        artifact,
                        Optional.of(Octets.of(publisher)),
                        Octets.of(summary),
                        FormatChecks.text(which == 2 ? edited(proof, edits) : proof),
                        List.of());
        Verdict verdict = VERIFIER.verify(evidence, TrustSeeds.FIXTURE.owner(), TrustFixture.NOW);
        if (verdict instanceof Verdict.Trusted trusted) {
            assertThat(artifact).isEqualTo(GOOD.artifact());
            assertThat(ReleaseBundle.parse(publisher).publisherPart())
                    .isEqualTo(PUBLISHER.publisherPart());
            assertThat(ReleaseBundle.parse(summary).logBody()).isEqualTo(SUMMARY.logBody());
            assertThat(trusted.summary().artifact()).isEqualTo(artifact);
        }
    }

    private static byte[] edited(byte[] original, ByteBuffer edits) {
        byte[] bytes = original;
        while (edits.remaining() >= 4) {
            int from = Math.min(Short.toUnsignedInt(edits.getShort()), bytes.length);
            int to = Math.min(from + (edits.get() & 0x1f), bytes.length);
            byte[] inserted = new byte[Math.min(edits.get() & 0x1f, edits.remaining())];
            edits.get(inserted);
            bytes = Mutations.splice(bytes, from, to, inserted);
        }
        return bytes;
    }

    /** Nothing, a space where it does not matter, a digit, a field less. */
    static List<byte[]> seeds() {
        return List.of(
                new byte[] {0},
                new byte[] {1, 0, 1, 0, 1, ' '},
                new byte[] {2, 0, 30, 1, 1, '7'},
                new byte[] {0, 1, 44, 1, 1, 'A', 2, 0, 1, 1, 'B'},
                new byte[] {3, 0, 0, 1, 1, 'T'});
    }
}
