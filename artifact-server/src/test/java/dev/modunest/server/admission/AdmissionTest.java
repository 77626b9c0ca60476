package dev.modunest.server.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

class AdmissionTest {

    private static Admission of(int permits, int maxWaiting) {
        return new Admission("things", permits, maxWaiting, Duration.ofMillis(1));
    }

    @Test
    void aClosedPermitIsFreeAgain() {
        Admission admission = of(1, 1);
        try (Admission.Permit _ = admission.acquire()) {
            assertThat(admission.inUse()).isEqualTo(1);
        }

        assertThat(admission.inUse()).isZero();
        admission.acquire().close();
    }

    @Test
    void theRejectionTellsTheLimitAndWhenToComeBack() {
        Admission admission = of(1, 1);
        try (Admission.Permit _ = admission.acquire()) {
            assertThatThrownBy(admission::acquire)
                    .isInstanceOfSatisfying(
                            Rejection.class,
                            rejection -> {
                                assertThat(rejection.detail()).startsWith("1 things");
                                assertThat(rejection.headers()).containsEntry("Retry-After", "2");
                            });
        }
    }

    @Test
    void nobodyWaitsWhenNobodyMay() {
        Admission admission = of(1, 0);
        try (Admission.Permit _ = admission.acquire()) {
            assertThatThrownBy(admission::acquire).isInstanceOf(Rejection.class);
            assertThat(admission.waiting()).isZero();
        }
    }

    @Test
    void anInterruptedWaitIsNoAdmission() {
        Admission admission = of(1, 1);
        try (Admission.Permit _ = admission.acquire()) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(admission::acquire).isInstanceOf(Rejection.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private static final Party ONE = new Party("one");
    private static final Party OTHER = new Party("other");

    private static Admission shared(int permits, int percent) {
        return new Admission(
                "things",
                new Admission.Bounds(
                        permits,
                        Admission.Bounds.share(permits, percent),
                        20,
                        10,
                        Duration.ofMillis(1)));
    }

    private static List<Admission.Permit> enqueued(Admission admission, Party party, int count) {
        List<Admission.Permit> permits =
                IntStream.range(0, count).mapToObj(_ -> admission.reserve(party)).toList();
        permits.forEach(Admission.Permit::enqueue);
        return permits;
    }

    @ParameterizedTest
    @CsvSource({"8, 75, 6", "1, 75, 1", "2, 75, 1", "3, 75, 2", "8, 100, 8", "8, 99, 7", "8, 1, 1"})
    void theLastPermitsAreNotForAPartyAlone(int permits, int percent, int held) {
        Admission admission = shared(permits, percent);

        enqueued(admission, ONE, permits);

        assertThat(admission.inUse()).isEqualTo(held);
        assertThat(admission.waiting()).isEqualTo(permits - held);
    }

    @Test
    void whoComesLaterFindsAPermitHoweverLongTheFirstTake() {
        Admission admission = shared(4, 75);
        List<Admission.Permit> first = enqueued(admission, ONE, 8);

        admission.reserve(OTHER).await();

        assertThat(admission.inUse()).isEqualTo(4);
        first.getFirst().close();
        assertThat(admission.inUse()).isEqualTo(4);
        assertThat(admission.waiting()).isEqualTo(4);
    }

    @Test
    void aPartyHasAsManyPlacesAsItMayHoldAndMayHaveWaiting() {
        Admission admission = shared(4, 75);
        enqueued(admission, ONE, 13);

        assertThatThrownBy(() -> admission.reserve(ONE))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection ->
                                assertThat(rejection.code()).isEqualTo(ProblemCode.QUEUE_FULL));
        admission.reserve(OTHER).await();
    }
}
