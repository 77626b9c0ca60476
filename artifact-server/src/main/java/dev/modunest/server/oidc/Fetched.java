package dev.modunest.server.oidc;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One document of a provider: fetched by one thread while the others wait, remembered for a time,
 * and a failure for a shorter one. The wait is bounded by the fetch, which is. Thread-safe.
 */
final class Fetched<T> {

    /** A clock that went back makes what is remembered old. */
    private record State<T>(
            @Nullable T value, Instant valueAt, @Nullable OidcException failure, Instant triedAt) {}

    private final Supplier<T> fetch;
    private final InstantSource clock;
    private final Duration keep;
    private final Duration keepFailure;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable State<T> state;

    Fetched(Supplier<T> fetch, InstantSource clock, Duration keep, Duration keepFailure) {
        this.fetch = fetch;
        this.clock = clock;
        this.keep = keep;
        this.keepFailure = keepFailure;
    }

    /** The document, at most {@code keep} old. */
    T get() {
        T known = known();
        if (known != null) {
            return known;
        }
        lock.lock();
        try {
            T meanwhile = known();
            return meanwhile != null ? meanwhile : fetch(null);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The document, fetched again when the last try is at least {@code atLeast} ago. When that
     * fails, what is known stays.
     */
    T refresh(Duration atLeast) {
        lock.lock();
        try {
            T known = known();
            State<T> current = state;
            if (known == null || current == null) {
                return fetch(null);
            }
            return isWithin(current.triedAt(), atLeast) ? known : fetch(current);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable T known() {
        State<T> current = state;
        if (current == null) {
            return null;
        }
        if (current.value() != null && isWithin(current.valueAt(), keep)) {
            return current.value();
        }
        if (current.failure() != null && isWithin(current.triedAt(), keepFailure)) {
            throw current.failure();
        }
        return null;
    }

    private T fetch(@Nullable State<T> usable) {
        try {
            T fresh = fetch.get();
            Instant now = clock.instant();
            state = new State<>(fresh, now, null, now);
            return fresh;
        } catch (OidcException failure) {
            if (isOurs(failure)) {
                throw failure;
            }
            Instant now = clock.instant();
            if (usable != null && usable.value() != null) {
                state = new State<>(usable.value(), usable.valueAt(), failure, now);
                return usable.value();
            }
            state = new State<>(null, Instant.MIN, failure, now);
            throw failure;
        }
    }

    /** Says nothing of the provider, so the next one tries. */
    private static boolean isOurs(OidcException failure) {
        return failure.reason() == OidcException.Reason.PROVIDER_BUSY
                || Thread.currentThread().isInterrupted();
    }

    private boolean isWithin(Instant then, Duration time) {
        Instant now = clock.instant();
        return !now.isBefore(then) && now.isBefore(then.plus(time));
    }
}
