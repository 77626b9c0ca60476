package dev.modunest.edge.limit;

import dev.modunest.settings.Default;
import dev.modunest.settings.TrustedProxies;

import java.util.List;

/**
 * How often one client may ask.
 *
 * @param rate requests per second; 0: as often as it likes
 * @param burst at once, before the rate holds
 * @param maxClients networks and tokens that are counted; the least used are forgotten
 * @param trustedProxies addresses and networks whose X-Forwarded-For is believed
 */
public record LimitSettings(
        @Default("0") int rate,
        @Default("1000") int burst,
        @Default("100000") int maxClients,
        @Default("127.0.0.1, ::1") List<String> trustedProxies) {

    private static final int MOST_PROXIES = 1000;

    public LimitSettings {
        if (rate < 0) {
            throw new IllegalArgumentException("rate must not be negative");
        }
        if (burst < 1 || maxClients < 1) {
            throw new IllegalArgumentException("burst and max_clients must be above zero");
        }
        if (trustedProxies.size() > MOST_PROXIES) {
            throw new IllegalArgumentException(
                    "trusted_proxies has at most "
                            + MOST_PROXIES
                            + " entries and not "
                            + trustedProxies.size());
        }
        var _ = new TrustedProxies(trustedProxies);
    }
}
