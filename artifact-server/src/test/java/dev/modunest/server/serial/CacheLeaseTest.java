package dev.modunest.server.serial;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

class CacheLeaseTest {

    private final AtomicLong nanos = new AtomicLong(1_000);
    private final CacheLease lease = new CacheLease(Duration.ofNanos(100), nanos::get);

    @Test
    void isHeldFromTheBeginOfALook() {
        assertThat(lease.held()).isFalse();
        lease.renew(950);
        assertThat(lease.held()).isTrue();
        nanos.set(1_050);
        assertThat(lease.held()).isFalse();
    }

    @Test
    void tellsHowLongAgoItEnded() {
        assertThat(lease.heldWithin(Duration.ofDays(1))).isFalse();
        lease.renew(1_000);
        nanos.set(1_040);
        lease.end();
        assertThat(lease.held()).isFalse();
        assertThat(lease.heldWithin(Duration.ofNanos(1))).isTrue();
        nanos.set(1_050);
        lease.end();
        assertThat(lease.heldWithin(Duration.ofNanos(10))).isFalse();
        assertThat(lease.heldWithin(Duration.ofNanos(11))).isTrue();
    }

    @Test
    void oneThatRanOutEndedThen() {
        lease.renew(1_000);
        nanos.set(1_150);
        lease.end();
        assertThat(lease.heldWithin(Duration.ofNanos(50))).isFalse();
        assertThat(lease.heldWithin(Duration.ofNanos(51))).isTrue();
    }

    @Test
    void isUnreachableUntilItIsRenewed() {
        lease.unreachable();
        assertThat(lease.isUnreachable()).isTrue();
        lease.renew(1_000);
        assertThat(lease.isUnreachable()).isFalse();
    }
}
