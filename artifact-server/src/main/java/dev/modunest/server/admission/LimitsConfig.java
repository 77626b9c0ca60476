package dev.modunest.server.admission;

import dev.modunest.settings.Default;
import dev.modunest.settings.TrustedProxies;

import java.util.List;

/**
 * How often an account, or a client address without one, may do what costs; per server process.
 *
 * @param maxParties most accounts and addresses that are counted; the least recent are forgotten
 * @param trustedProxies addresses and networks whose X-Forwarded-For is believed: those of the
 *     edges
 */
public record LimitsConfig(
        PublishLimitConfig publish,
        ChangeLimitConfig change,
        ResolveLimitConfig resolve,
        SearchLimitConfig search,
        StampLimitConfig stamp,
        AuthenticateLimitConfig authenticate,
        @Default("100000") int maxParties,
        @Default("127.0.0.1, ::1") List<String> trustedProxies) {

    private static final int MOST_PROXIES = 1000;

    public LimitsConfig {
        if (maxParties < 1) {
            throw new IllegalArgumentException("max_parties is at least 1");
        }
        if (trustedProxies.size() > MOST_PROXIES) {
            throw new IllegalArgumentException(
                    "trusted_proxies has at most "
                            + MOST_PROXIES
                            + " entries, not "
                            + trustedProxies.size()
                            + "; write networks");
        }
        // Throws on what is no address.
        new TrustedProxies(trustedProxies);
    }

    /**
     * A token bucket: {@code burst} at once, refilled at {@code rate}.
     *
     * @param rate per second
     */
    public record Bucket(int rate, int burst) {

        public Bucket {
            if (rate < 1 || burst < 1) {
                throw new IllegalArgumentException("rate and burst are at least 1");
            }
        }
    }

    /** Of publishes. */
    public record PublishLimitConfig(@Default("50") int rate, @Default("2000") int burst) {

        public PublishLimitConfig {
            new Bucket(rate, burst);
        }
    }

    /** Of changes to releases and namespaces. */
    public record ChangeLimitConfig(@Default("20") int rate, @Default("500") int burst) {

        public ChangeLimitConfig {
            new Bucket(rate, burst);
        }
    }

    /** Of resolve requests. */
    public record ResolveLimitConfig(@Default("100") int rate, @Default("1000") int burst) {

        public ResolveLimitConfig {
            new Bucket(rate, burst);
        }
    }

    /** Of searches. */
    public record SearchLimitConfig(@Default("200") int rate, @Default("2000") int burst) {

        public SearchLimitConfig {
            new Bucket(rate, burst);
        }
    }

    /** Of time stamps. */
    public record StampLimitConfig(@Default("50") int rate, @Default("1000") int burst) {

        public StampLimitConfig {
            new Bucket(rate, burst);
        }
    }

    /** Of refused credentials and sign-ins, by address. */
    public record AuthenticateLimitConfig(@Default("5") int rate, @Default("200") int burst) {

        public AuthenticateLimitConfig {
            new Bucket(rate, burst);
        }
    }

    Bucket of(LimitedAction action) {
        return switch (action) {
            case PUBLISH -> new Bucket(publish.rate(), publish.burst());
            case CHANGE -> new Bucket(change.rate(), change.burst());
            case RESOLVE -> new Bucket(resolve.rate(), resolve.burst());
            case SEARCH -> new Bucket(search.rate(), search.burst());
            case STAMP -> new Bucket(stamp.rate(), stamp.burst());
            case AUTHENTICATE -> new Bucket(authenticate.rate(), authenticate.burst());
        };
    }
}
