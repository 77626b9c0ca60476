package dev.modunest.edge.cache;

import java.time.Duration;

/**
 * What the edge does where the origin's word and RFC 9111 leave it a choice.
 *
 * @param explicitOnly stores only what the origin gives a lifetime; else a response with {@code
 *     Last-Modified} lives for a tenth of its age at most (RFC 9111 4.2.2)
 * @param storesCookies whether {@code Set-Cookie} with a lifetime is stored (RFC 9111 7.3)
 * @param forwardsFields whether the origin is told the client's own header fields, so that it may
 *     negotiate by them; else a stored response is the same for everybody
 * @param hedges whether a slow origin server is not waited for alone
 * @param negativeAge the standard and the longest life of a 404, 410 or 451
 * @param staleIfGone past its lifetime, for which a response stands in at least for an origin that
 *     does not answer, unless its directives forbid it (RFC 9111 4.2.4); of a registry also when it
 *     answers with a failure
 */
public record CachePolicy(
        boolean explicitOnly,
        boolean storesCookies,
        boolean forwardsFields,
        boolean hedges,
        Duration negativeAge,
        Duration staleIfGone) {

    /** A heuristic lifetime is at most this long. */
    static final Duration MAX_HEURISTIC = Duration.ofDays(1);

    /** Of a registry: its documents are public and have a lifetime, or are not stored. */
    public static CachePolicy registry(Duration negativeAge, Duration staleIfGone) {
        return new CachePolicy(true, false, false, true, negativeAge, staleIfGone);
    }

    /** Of an origin that the edge knows nothing about. */
    public static CachePolicy anyOrigin(Duration negativeAge, Duration staleIfGone) {
        return new CachePolicy(false, true, true, false, negativeAge, staleIfGone);
    }
}
