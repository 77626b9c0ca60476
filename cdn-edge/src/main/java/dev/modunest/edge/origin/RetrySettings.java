package dev.modunest.edge.origin;

import dev.modunest.settings.Default;

/**
 * Asking again, of another origin server where there is one.
 *
 * @param attempts of one request, the first included
 * @param budgetPercent retries and hedges that every 100 requests allow
 * @param budgetReserve retries and hedges that are allowed in 10 seconds without any request
 */
public record RetrySettings(
        @Default("3") int attempts,
        @Default("20") int budgetPercent,
        @Default("10") int budgetReserve) {

    public RetrySettings {
        if (attempts < 1 || attempts > 10) {
            throw new IllegalArgumentException("attempts is 1 to 10, not " + attempts);
        }
        if (budgetPercent < 0 || budgetPercent > 100) {
            throw new IllegalArgumentException("budget_percent is 0 to 100, not " + budgetPercent);
        }
        if (budgetReserve < 0 || budgetReserve > 10_000) {
            throw new IllegalArgumentException(
                    "budget_reserve is 0 to 10000, not " + budgetReserve);
        }
    }
}
