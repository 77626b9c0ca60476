package dev.modunest.server.admission;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * So many at once; more wait, a queue per party and the parties in turn, so that a burst of one
 * delays another by one turn only. A party holds no more than its share of the permits, also while
 * nobody else is there: others who come find one free, however long the first ones take. Who asks
 * beyond the bounds of the queues is rejected. Thread-safe.
 *
 * <p>Downloads pass as one party: hosts need no account, and edges stand for many of them.
 */
public final class Admission {

    private static final long FIRST_GUESS_NANOS = 500_000_000L;
    private static final double WEIGHT_OF_LATEST = 0.1;
    private static final long MOST_RETRY_SECONDS = 60;

    private final String what;
    private final Bounds bounds;

    private final ReentrantLock lock = new ReentrantLock();
    private final FairQueue<Party, Permit> queue = new FairQueue<>();
    private final Map<Party, Use> byParty = new HashMap<>();
    private int open;
    private int inUse;
    private double serviceNanos = FIRST_GUESS_NANOS;

    /**
     * What is allowed.
     *
     * @param permits most at once
     * @param permitsPerParty most of one party at once
     * @param maxWaiting most that wait
     * @param maxWaitingPerParty most of one party that wait
     * @param maxWait longest wait of {@link Permit#await}
     */
    public record Bounds(
            int permits,
            int permitsPerParty,
            int maxWaiting,
            int maxWaitingPerParty,
            Duration maxWait) {

        /**
         * How many of {@code permits} a party may hold: {@code percent} of them, at least one, and
         * all but one at most unless that is all there are or {@code percent} is 100.
         */
        public static int share(int permits, int percent) {
            return permits <= 1 || percent == 100
                    ? permits
                    : Math.clamp((long) permits * percent / 100, 1, permits - 1);
        }
    }

    /** What a party has. */
    private static final class Use {
        private int open;
        private int inUse;
    }

    /** For requests that belong to nobody. */
    public Admission(String what, int permits, int maxWaiting, Duration maxWait) {
        this(what, new Bounds(permits, permits, maxWaiting, maxWaiting, maxWait));
    }

    /**
     * Bounds by {@code bounds}.
     *
     * @param what is admitted, in the plural, for people
     */
    public Admission(String what, Bounds bounds) {
        this.what = what;
        this.bounds = bounds;
    }

    /** A place in the bounds, from its reservation to its close. */
    public final class Permit implements AutoCloseable {

        private final Party party;
        private final CountDownLatch granted = new CountDownLatch(1);
        private boolean queued;
        private boolean closed;
        private long grantedAt;

        private Permit(Party party) {
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
                if (granted.await(bounds.maxWait().toNanos(), TimeUnit.NANOSECONDS)) {
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
            use(party).inUse++;
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
                Use use = use(party);
                use.open--;
                if (granted.getCount() == 0) {
                    inUse--;
                    use.inUse--;
                    long took = System.nanoTime() - grantedAt;
                    serviceNanos += WEIGHT_OF_LATEST * (took - serviceNanos);
                } else if (queued) {
                    queue.remove(party, this);
                }
                if (use.open == 0) {
                    byParty.remove(party);
                }
                grantFree();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Reserves, and waits for the turn. */
    public Permit acquire() {
        Permit permit = reserve(Party.ANYONE);
        permit.await();
        return permit;
    }

    /** Takes a place; throws {@link Rejection} when all, or those of the party, are taken. */
    public Permit reserve(Party party) {
        lock.lock();
        try {
            if (open >= bounds.permits() + bounds.maxWaiting()) {
                throw full();
            }
            Use use = byParty.getOrDefault(party, new Use());
            if (use.open >= bounds.permitsPerParty() + bounds.maxWaitingPerParty()) {
                throw fullOfParty(use.open);
            }
            open++;
            use.open++;
            byParty.put(party, use);
            return new Permit(party);
        } finally {
            lock.unlock();
        }
    }

    /** Of a party that has a permit, so that it is known. */
    private Use use(Party party) {
        return Objects.requireNonNull(byParty.get(party));
    }

    private void grantFree() {
        while (inUse < bounds.permits()) {
            Permit next = queue.poll(party -> use(party).inUse < bounds.permitsPerParty());
            if (next == null) {
                return;
            }
            next.grant();
        }
    }

    private Duration service(int before) {
        return Duration.ofNanos(
                (long) (serviceNanos * (before / Math.max(1, bounds.permits()) + 1)));
    }

    private Rejection full() {
        return busy(
                ProblemCode.OVERLOADED,
                open + " " + what + " are being served or wait, which is the limit of this server",
                bounds.permits() + bounds.maxWaiting(),
                open);
    }

    private Rejection fullOfParty(int ofParty) {
        return busy(
                ProblemCode.QUEUE_FULL,
                ofParty
                        + " "
                        + what
                        + " of this account or address are being served or wait, which is the limit for one account or address",
                bounds.permitsPerParty() + bounds.maxWaitingPerParty(),
                ofParty);
    }

    private Rejection tooLong() {
        lock.lock();
        try {
            return busy(
                    ProblemCode.OVERLOADED,
                    bounds.permits()
                            + " "
                            + what
                            + " are being served, which is the limit, and no turn came within "
                            + bounds.maxWait().toMillis()
                            + " ms",
                    bounds.permits() + bounds.maxWaiting(),
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
            return bounds.permits() + bounds.maxWaiting() - open;
        } finally {
            lock.unlock();
        }
    }
}
