package dev.modunest.server.admission;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * So many at once; more wait, a queue per party and the parties in turn, so that a burst of one
 * delays another by one turn only. Who asks beyond the bounds of the queues is rejected.
 * Thread-safe.
 *
 * <p>Downloads pass as one party: hosts need no account, and edges stand for many of them.
 */
public final class Admission {

    /** The party of requests that belong to nobody. */
    public static final long ANYONE = 0;

    private static final long FIRST_GUESS_NANOS = 500_000_000L;
    private static final double WEIGHT_OF_LATEST = 0.1;
    private static final long MOST_RETRY_SECONDS = 60;

    private final String what;
    private final int permits;
    private final int maxWaiting;
    private final int maxWaitingPerParty;
    private final Duration maxWait;

    private final ReentrantLock lock = new ReentrantLock();
    private final FairQueue<Permit> queue = new FairQueue<>();
    private final Map<Long, Integer> openByParty = new HashMap<>();
    private int open;
    private int inUse;
    private double serviceNanos = FIRST_GUESS_NANOS;

    public Admission(String what, int permits, int maxWaiting, Duration maxWait) {
        this(what, permits, maxWaiting, maxWaiting, maxWait);
    }

    /**
     * Bounds by {@code permits}, {@code maxWaiting} and {@code maxWait}.
     *
     * @param what is admitted, in the plural, for people
     * @param maxWaitingPerParty most of one party that wait
     * @param maxWait longest wait of {@link Permit#await}
     */
    public Admission(
            String what, int permits, int maxWaiting, int maxWaitingPerParty, Duration maxWait) {
        this.what = what;
        this.permits = permits;
        this.maxWaiting = maxWaiting;
        this.maxWaitingPerParty = maxWaitingPerParty;
        this.maxWait = maxWait;
    }

    /** A place in the bounds, from its reservation to its close. */
    public final class Permit implements AutoCloseable {

        private final long party;
        private final CountDownLatch granted = new CountDownLatch(1);
        private boolean queued;
        private boolean closed;
        private long grantedAt;

        private Permit(long party) {
            this.party = party;
        }

        /** Joins the queue of its party. */
        public void enqueue() {
            lock.lock();
            try {
                if (!queued && !closed) {
                    queued = true;
                    queue.add(party, this);
                    grantFree();
                }
            } finally {
                lock.unlock();
            }
        }

        /** Waits for its turn; throws {@link Rejection} when it does not come in time. */
        public void await() {
            enqueue();
            try {
                if (granted.await(maxWait.toNanos(), TimeUnit.NANOSECONDS)) {
                    return;
                }
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            }
            if (granted.getCount() > 0) {
                close();
                throw tooLong();
            }
        }

        /** Waits for its turn however long it takes; the queue bounds that. */
        public void awaitTurn() throws InterruptedException {
            enqueue();
            granted.await();
        }

        /** How many are served before this one; 0 when its turn has come or is next. */
        public int position() {
            lock.lock();
            try {
                return Math.max(0, queue.position(party, this));
            } finally {
                lock.unlock();
            }
        }

        /** How long until this one is done, as it went lately. */
        public Duration expected() {
            lock.lock();
            try {
                int before = queue.position(party, this);
                return service(before < 0 ? 0 : before + 1);
            } finally {
                lock.unlock();
            }
        }

        private void grant() {
            inUse++;
            grantedAt = System.nanoTime();
            granted.countDown();
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (closed) {
                    return;
                }
                closed = true;
                open--;
                openByParty.computeIfPresent(party, (_, count) -> count == 1 ? null : count - 1);
                if (granted.getCount() == 0) {
                    inUse--;
                    long took = System.nanoTime() - grantedAt;
                    serviceNanos += WEIGHT_OF_LATEST * (took - serviceNanos);
                } else if (queued) {
                    queue.remove(party, this);
                }
                grantFree();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Reserves, and waits for the turn. */
    public Permit acquire() {
        Permit permit = reserve(ANYONE);
        permit.await();
        return permit;
    }

    /** Takes a place; throws {@link Rejection} when all, or those of the party, are taken. */
    public Permit reserve(long party) {
        lock.lock();
        try {
            int ofParty = openByParty.getOrDefault(party, 0);
            if (open >= permits + maxWaiting) {
                throw full();
            }
            if (ofParty >= permits + maxWaitingPerParty) {
                throw fullOfParty(ofParty);
            }
            open++;
            openByParty.put(party, ofParty + 1);
            return new Permit(party);
        } finally {
            lock.unlock();
        }
    }

    private void grantFree() {
        while (inUse < permits) {
            Permit next = queue.poll();
            if (next == null) {
                return;
            }
            next.grant();
        }
    }

    private Duration service(int before) {
        return Duration.ofNanos((long) (serviceNanos * (before / permits + 1)));
    }

    private Rejection full() {
        return busy(
                ProblemCode.OVERLOADED,
                open + " " + what + " are being served or wait, which is the limit of this server",
                permits + maxWaiting,
                open);
    }

    private Rejection fullOfParty(int ofParty) {
        return busy(
                ProblemCode.QUEUE_FULL,
                ofParty
                        + " "
                        + what
                        + " of this account are being served or wait, which is the limit for one account",
                permits + maxWaitingPerParty,
                ofParty);
    }

    private Rejection tooLong() {
        lock.lock();
        try {
            return busy(
                    ProblemCode.OVERLOADED,
                    permits
                            + " "
                            + what
                            + " are being served, which is the limit, and no turn came within "
                            + maxWait.toMillis()
                            + " ms",
                    permits + maxWaiting,
                    open);
        } finally {
            lock.unlock();
        }
    }

    /** With the headers of draft-ietf-httpapi-ratelimit-headers-10. */
    private Rejection busy(ProblemCode code, String detail, int quota, int ahead) {
        long seconds = Math.clamp(service(ahead).toSeconds() + 1, 1, MOST_RETRY_SECONDS);
        String policy = "\"" + what.replace(' ', '-') + "\"";
        return new Rejection(code, detail + "; try again in " + seconds + " seconds")
                .with("Retry-After", Long.toString(seconds))
                .with(
                        RateLimits.POLICY.defaultCase(),
                        policy + ";q=" + quota + ";qu=\"concurrent-requests\"")
                .with(RateLimits.LIMIT.defaultCase(), policy + ";r=0;t=" + seconds);
    }

    public int inUse() {
        lock.lock();
        try {
            return inUse;
        } finally {
            lock.unlock();
        }
    }

    public int waiting() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many more may be reserved. */
    public int room() {
        lock.lock();
        try {
            return permits + maxWaiting - open;
        } finally {
            lock.unlock();
        }
    }
}
