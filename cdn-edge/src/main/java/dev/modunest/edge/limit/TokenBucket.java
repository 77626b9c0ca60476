package dev.modunest.edge.limit;

/** Tokens that come back at a steady rate up to a burst. Thread-safe. */
final class TokenBucket {

    private static final double NANOS = 1e9;

    private double tokens;
    private long filledAt;

    TokenBucket(int burst, long nanoTime) {
        this.tokens = burst;
        this.filledAt = nanoTime;
    }

    /**
     * What one attempt found.
     *
     * @param remaining whole tokens left
     * @param waitSeconds until the next token, 0 when one was taken
     */
    record Taken(boolean allowed, int remaining, long waitSeconds) {}

    synchronized Taken take(int rate, int burst, long nanoTime) {
        double since = Math.max(0, nanoTime - filledAt) / NANOS;
        tokens = Math.min(burst, tokens + since * rate);
        filledAt = nanoTime;
        boolean allowed = tokens >= 1;
        if (allowed) {
            tokens--;
        }
        return new Taken(
                allowed, (int) tokens, allowed ? 0 : (long) Math.ceil((1 - tokens) / rate));
    }
}
