package dev.modunest.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.Test;

import java.time.Instant;

final class DiskIndexTest {

    private static final long BLOCK = 4096;

    private final DiskIndex index = new DiskIndex(100 * BLOCK);

    @Test
    void whatIsAskedForOftenOutlivesAScan() {
        StoredArtifact wanted = artifact(0, 40);
        index.add(wanted);
        index.add(artifact(99, 40));
        for (int i = 0; i < 5; i++) {
            assertThat(index.find(wanted.digest())).isEqualTo(wanted);
        }
        int left = 0;
        for (int seed = 1; seed <= 50; seed++) {
            left += index.add(artifact(seed, 10)).size();
        }
        assertThat(index.find(wanted.digest())).isEqualTo(wanted);
        assertThat(left).isPositive();
        assertThat(index.storedBytes()).isLessThanOrEqualTo(100 * BLOCK);
        assertThat(index.objects()).isEqualTo(52 - left);
    }

    @Test
    void reservationMakesRoom() {
        index.add(artifact(1, 40));
        index.add(artifact(2, 40));
        assertThat(index.reserve(30 * BLOCK)).hasSize(1);
        assertThat(index.storedBytes()).isEqualTo(40 * BLOCK);
        index.unreserve(30 * BLOCK);
        assertThat(index.reserve(60 * BLOCK)).isEmpty();
    }

    @Test
    void reservationBeyondTheQuotaEvictsNothing() {
        index.add(artifact(1, 40));
        assertThat(index.reserve(100 * BLOCK + 1)).isNull();
        assertThat(index.objects()).isOne();
    }

    @Test
    void artifactIsRemovedOnlyAsItIs() {
        StoredArtifact artifact = artifact(1, 40);
        index.add(artifact);
        assertThat(index.remove(artifact(1, 41))).isFalse();
        assertThat(index.remove(artifact)).isTrue();
        assertThat(index.remove(artifact.digest())).isNull();
        assertThat(index.storedBytes()).isZero();
    }

    @Test
    void secondCopyIsNotCountedTwice() {
        index.add(artifact(1, 40));
        index.add(artifact(1, 40));
        assertThat(index.storedBytes()).isEqualTo(40 * BLOCK);
    }

    private static StoredArtifact artifact(int seed, long blocks) {
        return new StoredArtifact(
                Digest.ofBytes(new byte[] {(byte) seed}),
                blocks * BLOCK,
                Instant.EPOCH,
                Instant.EPOCH);
    }
}
