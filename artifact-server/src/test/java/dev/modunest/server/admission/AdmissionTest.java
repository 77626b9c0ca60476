package dev.modunest.server.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.server.problem.Rejection;

import org.junit.jupiter.api.Test;

import java.time.Duration;

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
}
