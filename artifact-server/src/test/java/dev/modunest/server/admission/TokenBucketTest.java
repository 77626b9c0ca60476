package dev.modunest.server.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final long SECOND = 1_000_000_000L;

    private final TokenBucket bucket = new TokenBucket(new LimitsConfig.Bucket(2, 3), 0);

    @Test
    void aBurstIsAllowedAndThenTheRateHolds() {
        assertThat(bucket.take(0)).isEqualTo(new TokenBucket.Taken(true, 2, 0, 1));
        assertThat(bucket.take(0).allowed()).isTrue();
        assertThat(bucket.take(0).allowed()).isTrue();

        assertThat(bucket.take(0)).isEqualTo(new TokenBucket.Taken(false, 0, 1, 2));
        assertThat(bucket.take(SECOND / 2).allowed()).isTrue();
        assertThat(bucket.take(SECOND / 2).allowed()).isFalse();
    }

    @Test
    void itNeverHoldsMoreThanTheBurst() {
        assertThat(bucket.take(1000 * SECOND).remaining()).isEqualTo(2);
    }

    @Test
    void aClockThatGoesBackGivesNothing() {
        bucket.take(10 * SECOND);
        bucket.take(10 * SECOND);
        bucket.take(10 * SECOND);

        assertThat(bucket.take(0).allowed()).isFalse();
    }
}
