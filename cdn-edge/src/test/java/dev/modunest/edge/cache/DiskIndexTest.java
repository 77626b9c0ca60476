package dev.modunest.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.Test;

import java.time.Instant;

final class DiskIndexTest {

    private final DiskIndex index = new DiskIndex(100);

    @Test
    void reservationEvictsTheLeastRecentlyUsed() {
        StoredArtifact first = artifact(1, 40);
        StoredArtifact second = artifact(2, 40);
        index.add(first);
        index.add(second);
        index.find(first.digest());
        assertThat(index.reserve(30)).containsExactly(second);
        assertThat(index.storedBytes()).isEqualTo(40);
        index.unreserve(30);
        assertThat(index.reserve(60)).isEmpty();
    }

    @Test
    void reservationBeyondTheQuotaEvictsNothing() {
        index.add(artifact(1, 40));
        assertThat(index.reserve(101)).isNull();
        assertThat(index.objects()).isOne();
    }

    @Test
    void artifactIsRemovedOnlyAsItIs() {
        StoredArtifact artifact = artifact(1, 40);
        index.add(artifact);
        assertThat(index.remove(artifact(1, 41))).isFalse();
        assertThat(index.remove(artifact)).isTrue();
        assertThat(index.storedBytes()).isZero();
    }

    @Test
    void secondCopyIsNotCountedTwice() {
        index.add(artifact(1, 40));
        index.add(artifact(1, 40));
        assertThat(index.storedBytes()).isEqualTo(40);
    }

    private static StoredArtifact artifact(int seed, long size) {
        return new StoredArtifact(
                Digest.ofBytes(new byte[] {(byte) seed}), size, Instant.EPOCH, Instant.EPOCH);
    }
}
