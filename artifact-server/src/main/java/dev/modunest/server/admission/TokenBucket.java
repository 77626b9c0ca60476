package dev.modunest.server.admission;

/** Tokens that come back at a steady rate up to a burst. Thread-safe. */
final class TokenBucket {

    private static final double NANOS = 1e9;

    private final LimitsConfig.Bucket size;
    private double tokens;
    private long filledAt;

    TokenBucket(LimitsConfig.Bucket size, long nanoTime) {
        this.size = size;
        this.tokens = size.burst();
        this.filledAt = nanoTime;
    }

    /**
     * What one attempt found.
     *
     * @param remaining whole tokens left
     * @param waitSeconds until the next token, 0 when one was taken
     * @param fullSeconds until the bucket is full
     */
    record Taken(boolean allowed, int remaining, long waitSeconds, long fullSeconds) {}

    synchronized Taken take(long nanoTime) {
        double since = Math.max(0, nanoTime - filledAt) / NANOS;
        tokens = Math.min(size.burst(), tokens + since * size.rate());
        filledAt = nanoTime;
        boolean allowed = tokens >= 1;
        if (allowed) {
            tokens--;
        }
        long wait = allowed ? 0 : (long) Math.ceil((1 - tokens) / size.rate());
        long full = (long) Math.ceil((size.burst() - tokens) / size.rate());
        return new Taken(allowed, (int) tokens, wait, full);
    }
}
