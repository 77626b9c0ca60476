package dev.modunest.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

final class RetryBudgetTest {

    private final AtomicLong now = new AtomicLong();

    @Test
    void shareOfTheRequestsMayBeRetried() {
        RetryBudget budget = budget(20, 0);
        for (int i = 0; i < 10; i++) {
            budget.requested();
        }
        assertThat(taken(budget)).isEqualTo(2);
    }

    @Test
    void reserveIsForThoseWhoAskLittleAndComesBackWithTime() {
        RetryBudget budget = budget(0, 10);
        assertThat(taken(budget)).isEqualTo(10);
        now.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(taken(budget)).isEqualTo(5);
        now.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(taken(budget)).isEqualTo(10);
    }

    @Test
    void savingsAreBounded() {
        RetryBudget budget = budget(100, 10);
        for (int i = 0; i < 10_000; i++) {
            budget.requested();
        }
        assertThat(taken(budget)).isEqualTo(110);
    }

    private RetryBudget budget(int percent, int reserve) {
        return new RetryBudget(new RetrySettings(3, percent, reserve), now::get);
    }

    private static int taken(RetryBudget budget) {
        int taken = 0;
        while (budget.take()) {
            taken++;
        }
        return taken;
    }
}
