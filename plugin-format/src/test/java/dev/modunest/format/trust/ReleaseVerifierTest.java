package dev.modunest.format.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;
import dev.modunest.format.trust.testing.TrustFixture;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class ReleaseVerifierTest {

    private static final TrustFixture FIXTURE = new TrustFixture();
    private static final TrustFixture.Release RELEASE = FIXTURE.release();

    private static Verdict verify(ReleaseEvidence evidence) {
        return FIXTURE.verifier().verify(evidence, FIXTURE.owner(), TrustFixture.NOW);
    }

    @Test
    void trustsWhatPublisherAndRegistrySigned() {
        assertThat(verify(RELEASE.evidence()))
                .isInstanceOfSatisfying(
                        Verdict.Trusted.class,
                        trusted -> {
                            assertThat(trusted.level()).isEqualTo(TrustLevel.PS_L2);
                            assertThat(trusted.signed()).isEqualTo(TrustFixture.NOW);
                            assertThat(trusted.publisher().orElseThrow().identity())
                                    .isEqualTo("https://registry.example.com/publishers/acme");
                        });
    }

    @Test
    void refusesOtherBytes() {
        Digest other = Digest.ofBytes("other bytes".getBytes(StandardCharsets.UTF_8));
        assertThat(verify(RELEASE.evidence(other)))
                .isInstanceOfSatisfying(
                        Verdict.Refused.class,
                        refused ->
                                assertThat(refused.code()).isEqualTo(RefusalCode.SUBJECT_MISMATCH));
    }
}
