package dev.modunest.edge.serve;

/** How the cache handled a request: the value of {@code Cache-Status} (RFC 9211). */
public enum CacheStatus {
    HIT("hit"),
    /** Served stale while the origin is asked (RFC 5861 3). */
    HIT_STALE("hit; detail=stale-while-revalidate"),
    /** This request started the fill. */
    MISS("fwd=miss; stored"),
    /** This request shares the fill of another. */
    COLLAPSED("fwd=miss; collapsed"),
    /** Fetched for this request alone and not stored. */
    MISS_PASSED("fwd=miss"),
    /** The stored document was still right. */
    REVALIDATED("fwd=stale; fwd-status=304; stored"),
    /** The stored document was replaced. */
    REPLACED("fwd=stale; fwd-status=200; stored"),
    /** The origin failed, and the stored document may stand in (RFC 5861 4). */
    STALE_ON_ERROR("fwd=stale; detail=stale-if-error"),
    /** The request may not be answered from a cache. */
    BYPASS("fwd=bypass"),
    METHOD("fwd=method"),
    /** The edge answered by itself: health, metrics, refusals. */
    NONE("");

    private static final String NAME = "modunest-edge";

    private final String value;
    private final String label;

    CacheStatus(String parameters) {
        this.value = NAME + (parameters.isEmpty() ? "" : "; " + parameters);
        this.label = name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    String value() {
        return value;
    }

    /** As in metrics. */
    String label() {
        return label;
    }
}
