package dev.modunest.format.trust.x509;

import java.time.Instant;
import java.util.Optional;

/** A time from {@code start} to {@code end}, both included; without an end it goes on. */
public record Validity(Instant start, Optional<Instant> end) {

    public static Validity of(Instant start, Instant end) {
        return new Validity(start, Optional.of(end));
    }

    public boolean contains(Instant time) {
        return !time.isBefore(start) && end.map(last -> !time.isAfter(last)).orElse(true);
    }

    @Override
    public String toString() {
        return start + " to " + end.map(Instant::toString).orElse("now on");
    }
}
