package dev.modunest.server.namespace;

import dev.modunest.settings.Default;

import java.time.Duration;
import java.util.Optional;

/**
 * How namespaces are claimed, proved and handed over.
 *
 * @param mostPerOwner namespaces of an account or organisation, when it claims another
 * @param challenge how long a challenge can be answered
 * @param transfer how long an offer can be accepted
 * @param resolver address of the DNS resolver, {@code host} or {@code host:port}; none: the
 *     system's
 * @param dnsTimeout longest wait for its first answer; each further try waits twice as long
 * @param dnsTries how often it is asked
 */
public record NamespacesConfig(
        @Default("100") int mostPerOwner,
        @Default("7d") Duration challenge,
        @Default("7d") Duration transfer,
        Optional<String> resolver,
        @Default("2s") Duration dnsTimeout,
        @Default("2") int dnsTries) {

    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(90);

    public NamespacesConfig {
        if (mostPerOwner < 0 || mostPerOwner > 1_000_000) {
            throw new IllegalArgumentException(
                    "most_per_owner is 0 to 1000000, not " + mostPerOwner);
        }
        if (challenge.compareTo(LEAST) < 0
                || challenge.compareTo(MOST) > 0
                || transfer.compareTo(LEAST) < 0
                || transfer.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("challenge and transfer are 1m to 90d");
        }
        if (dnsTimeout.toMillis() < 10 || dnsTimeout.toMillis() > 30_000) {
            throw new IllegalArgumentException("dns_timeout is 10ms to 30s, not " + dnsTimeout);
        }
        if (dnsTries < 1 || dnsTries > 5) {
            throw new IllegalArgumentException("dns_tries is 1 to 5, not " + dnsTries);
        }
        resolver.filter(text -> !text.matches("[0-9A-Za-z.:\\[\\]-]+"))
                .ifPresent(
                        text -> {
                            throw new IllegalArgumentException(
                                    "resolver is host or host:port, not " + text);
                        });
    }
}
