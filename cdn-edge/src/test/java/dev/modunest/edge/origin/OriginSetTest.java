package dev.modunest.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.settings.Settings;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Which servers are the origin, and what their answers make of them. */
final class OriginSetTest {

    private final OriginFailure timeout =
            new OriginFailure(OriginFailure.Kind.TIMEOUT, "no response within 1 ms");
    private final OriginFailure refused =
            new OriginFailure(OriginFailure.Kind.UNREACHABLE, "refused");
    private final OriginFailure left =
            new OriginFailure(OriginFailure.Kind.INVALID, "the client has left");

    private final AtomicLong now = new AtomicLong();
    private final OriginSet set =
            new OriginSet(
                    Settings.read(
                            OriginSettings.class,
                            Optional.empty(),
                            Map.of("MODUNEST_MAX_SERVERS", "3", "MODUNEST_BREAKER_FAILURES", "2")),
                    new LeastLoaded(new Random(1)),
                    now::get);

    @Test
    void serverStaysTheSameWhateverComesAndGoes() {
        set.replace("static", addresses("a"));
        Use use = use();
        set.replace("dns", addresses("b", "a"));
        assertThat(states()).containsExactly("a:80 [static, dns] 1", "b:80 [dns] 0");
        set.replace("static", addresses());
        set.replace("dns", addresses("a"));
        assertThat(states()).containsExactly("a:80 [dns] 1");
        use.ended();
        assertThat(states()).containsExactly("a:80 [dns] 0");
    }

    @Test
    void usesOfAServerThatHasLeftEnd() {
        set.replace("static", addresses("a"));
        Use use = use();
        set.replace("static", addresses("b"));
        use.answered();
        use.ended();
        assertThat(use().server().id()).isEqualTo("b:80");
    }

    @Test
    void noMoreServersThanThereMayBe() {
        set.replace("static", addresses("a", "b"));
        set.replace("dns", addresses("c", "d", "e"));
        assertThat(set.servers())
                .extracting(OriginServer::id)
                .containsExactly("a:80", "b:80", "c:80");
    }

    @Test
    void addressThatIsSpokenToInAnotherWayIsAnotherServer() {
        set.replace("static", addresses("a"));
        OriginServer before = set.servers().getFirst();
        set.replace("static", List.of(new OriginAddress(URI.create("https://a:80"))));
        assertThat(set.servers().getFirst()).isNotSameAs(before);
    }

    @Test
    void timeoutDuringWhichNobodyHeardAWordLeavesTheServerAlone() {
        set.replace("static", addresses("a"));
        Use first = use();
        Use second = use();
        List<OriginFailure> told = new ArrayList<>();
        second.await(told::add);
        tick();
        first.failed(timeout);
        assertThat(told).containsExactly(timeout);
        assertThat(set.choose("/x", Set.of())).isEmpty();
        assertThat(set.none().kind()).isEqualTo(OriginFailure.Kind.TIMEOUT);
        assertThat(set.none()).hasMessageContaining("left alone").hasMessageContaining("1 ms");
    }

    @Test
    void timeoutWhileOthersAreAnsweredIsOneFailureOfMany() {
        set.replace("static", addresses("a"));
        Use slow = use();
        tick();
        Use other = use();
        other.answered();
        other.ended();
        slow.failed(timeout);
        assertThat(set.choose("/x", Set.of())).isPresent();
    }

    @Test
    void answeredProbeShowsThatTheServerIsOnlySlow() {
        set.replace("static", addresses("a"));
        Use slow = use();
        tick();
        set.servers().getFirst().probed(Optional.empty());
        slow.failed(timeout);
        assertThat(set.choose("/x", Set.of())).isPresent();
    }

    @Test
    void clientsWhoLeaveTellNothing() {
        set.replace("static", addresses("a"));
        for (int i = 0; i < 10; i++) {
            use().failed(left);
        }
        assertThat(set.choose("/x", Set.of())).isPresent();
        assertThat(set.states().getFirst().failed()).isZero();
    }

    @Test
    void bodiesThatBreakOffAreFailuresInARow() {
        set.replace("static", addresses("a"));
        for (int i = 0; i < 2; i++) {
            Use use = use();
            use.answered();
            use.failed(refused);
        }
        assertThat(set.states().getFirst().breaker()).isEqualTo("open");
        assertThat(set.states().getFirst().isAsked()).isFalse();
    }

    @Test
    void serverThatIsReachedByAProbeIsTriedAtOnce() {
        set.replace("static", addresses("a"));
        use().failed(refused);
        use().failed(refused);
        assertThat(set.choose("/x", Set.of())).isEmpty();
        set.servers().getFirst().probed(Optional.empty());
        use().ended();
        assertThat(set.states().getFirst().breaker()).isEqualTo("closed");
    }

    @Test
    void serverThatItsProbesDoNotReachIsLeft() {
        set.replace("static", addresses("a", "b"));
        OriginServer first = set.servers().getFirst();
        List<OriginFailure> told = new ArrayList<>();
        first.use().orElseThrow().await(told::add);
        for (int i = 0; i < 3; i++) {
            first.probed(Optional.of(refused));
        }
        assertThat(told).containsExactly(refused);
        for (int i = 0; i < 10; i++) {
            assertThat(use().server().id()).isEqualTo("b:80");
        }
        assertThat(first.isAble()).isFalse();
    }

    @Test
    void secondEndOfAUseCountsForNothing() {
        set.replace("static", addresses("a"));
        Use use = use();
        use.ended();
        use.failed(refused);
        use.ended();
        assertThat(states()).containsExactly("a:80 [static] 0");
        assertThat(set.states().getFirst().failed()).isZero();
    }

    @Test
    void latencyIsAMovingMean() {
        set.replace("static", addresses("a"));
        for (int i = 0; i < 100; i++) {
            Use use = use();
            now.addAndGet(Duration.ofMillis(i < 50 ? 1 : 9).toNanos());
            use.answered();
            use.ended();
        }
        assertThat(set.states().getFirst().latency().toMillis()).isEqualTo(8);
    }

    private Use use() {
        return set.choose("/x", Set.of()).orElseThrow();
    }

    private void tick() {
        now.addAndGet(1);
    }

    private List<String> states() {
        return set.states().stream()
                .map(state -> state.id() + " " + state.sources() + " " + state.load())
                .toList();
    }

    private static List<OriginAddress> addresses(String... hosts) {
        return Stream.of(hosts)
                .map(host -> new OriginAddress(URI.create("http://" + host)))
                .toList();
    }
}
