package dev.modunest.edge.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

final class ClientLimitsTest {

    private final AtomicLong nanos = new AtomicLong();
    private final ClientLimits limits =
            new ClientLimits(
                    new LimitSettings(2, 4, 100, List.of("10.0.0.0/8", "::1")), nanos::get);

    private boolean allows(String client) {
        return limits.take(InetAddress.ofLiteral(client), null).allowed();
    }

    @Test
    void burstIsTakenAtOnceAndComesBackAtTheRate() {
        for (int i = 0; i < 4; i++) {
            assertThat(allows("192.0.2.1")).isTrue();
        }
        ClientLimits.Verdict verdict = limits.take(InetAddress.ofLiteral("192.0.2.1"), null);
        assertThat(verdict)
                .isEqualTo(
                        new ClientLimits.Verdict(false, "\"edge\";q=4;w=2", "\"edge\";r=0;t=1", 1));
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(allows("192.0.2.1")).isTrue();
        assertThat(allows("192.0.2.1")).isFalse();
        assertThat(allows("192.0.2.2")).isTrue();
    }

    @Test
    void version6IsCountedByNetwork() {
        for (int i = 0; i < 4; i++) {
            assertThat(allows("2001:db8::" + i)).isTrue();
        }
        assertThat(allows("2001:db8::ffff:1")).isFalse();
        assertThat(allows("2001:db8:0:1::1")).isTrue();
    }

    @Test
    void tokenBuysNoBucketOfItsOwnAndIsCountedWhereverItComesFrom() {
        for (int i = 0; i < 4; i++) {
            assertThat(limits.take(InetAddress.ofLiteral("192.0.2.1"), "t" + i).allowed()).isTrue();
        }
        assertThat(limits.take(InetAddress.ofLiteral("192.0.2.1"), "t9").allowed()).isFalse();
        for (int i = 1; i < 5; i++) {
            assertThat(limits.take(InetAddress.ofLiteral("192.0.2.1" + i), "same").allowed())
                    .isTrue();
        }
        assertThat(limits.take(InetAddress.ofLiteral("192.0.2.20"), "same").allowed()).isFalse();
    }

    @Test
    void clientIsTheLastAddressThatNoTrustedProxyHas() {
        assertThat(client("192.0.2.1", "192.0.2.9")).isEqualTo("192.0.2.1");
        assertThat(client("10.1.2.3")).isEqualTo("10.1.2.3");
        assertThat(client("10.1.2.3", "198.51.100.1, 192.0.2.9", "10.4.4.4"))
                .isEqualTo("192.0.2.9");
        assertThat(client("::1", "192.0.2.9")).isEqualTo("192.0.2.9");
        assertThat(client("10.1.2.3", "unknown")).isEqualTo("10.1.2.3");
        assertThat(client("10.1.2.3", "10.9.9.9")).isEqualTo("10.9.9.9");
    }

    private String client(String peer, String... forwarded) {
        return limits.client(InetAddress.ofLiteral(peer), List.of(forwarded)).getHostAddress();
    }

    @Test
    void limitsChangeWhileTheyAreUsed() {
        limits.change(new LimitSettings(0, 1, 1, List.of()));
        assertThat(limits.isLimiting()).isFalse();
        assertThatThrownBy(() -> new LimitSettings(0, 1, 1, List.of("10.0.0.0/33")))
                .hasMessageContaining("is no network");
    }
}
