package dev.modunest.loader.auth;

import dev.modunest.loader.AuthOptions.KeyOptions;
import dev.modunest.loader.TrustedIssuer.Algorithm;
import dev.modunest.loader.log.LoaderLog;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The key set of one issuer: asked for when first needed, again beside the work before it is too
 * old and at once, with pauses, for an unknown key; used on while the issuer is away, for a bounded
 * time. One request at a time. Thread-safe.
 */
final class IssuerKeys {

    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(5);

    private final String issuer;
    private final KeyOrigin origin;
    private final Optional<KeyFile> kept;
    private final KeyOptions options;
    private final InstantSource clock;
    private final Executor background;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Snapshot snapshot;
    private volatile Instant notBefore = Instant.MIN;
    private volatile String trouble = "it has not been asked";

    IssuerKeys(
            String issuer,
            KeyOrigin origin,
            Optional<KeyFile> kept,
            KeyOptions options,
            InstantSource clock,
            Executor background) {
        this.issuer = issuer;
        this.origin = origin;
        this.kept = kept;
        this.options = options;
        this.clock = clock;
        this.background = background;
    }

    private record Snapshot(Instant fetched, KeySet keys) {}

    /** The key that the issuer names {@code kid}, asked for anew when it is not known. */
    Optional<VerifyingKey> find(String kid, Algorithm algorithm) throws RejectedException {
        Snapshot known = usable();
        Optional<VerifyingKey> found = known.keys().find(kid, algorithm);
        if (found.isPresent() || !mayAsk()) {
            return found;
        }
        refresh(known);
        return usable().keys().find(kid, algorithm);
    }

    /** Whether {@code key} is still one of the issuer's. */
    boolean has(VerifyingKey key) throws RejectedException {
        return usable().keys().keys().contains(key);
    }

    private Snapshot usable() throws RejectedException {
        Snapshot known = snapshot;
        Instant now = clock.instant();
        if (known == null) {
            refresh(null);
        } else if (mayAsk()) {
            Duration age = Duration.between(known.fetched(), now);
            if (age.compareTo(options.fresh()) >= 0) {
                refresh(known);
            } else if (age.compareTo(options.fresh().multipliedBy(4).dividedBy(5)) >= 0) {
                background.execute(() -> refresh(known));
            }
        }
        Snapshot current = snapshot;
        if (current == null
                || Duration.between(current.fetched(), now)
                                .compareTo(options.fresh().plus(options.grace()))
                        >= 0) {
            throw new RejectedException(
                    "keys-unavailable",
                    "The keys of "
                            + issuer
                            + " cannot be had ("
                            + trouble
                            + "): try again when it answers.");
        }
        return current;
    }

    private boolean mayAsk() {
        return !clock.instant().isBefore(notBefore);
    }

    /** Asks once, unless somebody has since {@code seen} was read. Only who has nothing waits. */
    private void refresh(@Nullable Snapshot seen) {
        if (seen == null) {
            fetching.lock();
        } else if (!fetching.tryLock()) {
            return;
        }
        try {
            if (Objects.equals(snapshot, seen)) {
                if (seen == null) {
                    takeKept();
                }
                if (mayAsk() && (seen != null || !isFresh())) {
                    ask();
                }
            }
        } finally {
            fetching.unlock();
        }
    }

    private void takeKept() {
        Instant now = clock.instant();
        kept.flatMap(KeyFile::find)
                .filter(found -> !found.fetched().isAfter(now))
                .ifPresent(found -> snapshot = new Snapshot(found.fetched(), found.keys()));
    }

    private boolean isFresh() {
        Snapshot current = snapshot;
        return current != null
                && Duration.between(current.fetched(), clock.instant()).compareTo(options.fresh())
                        < 0;
    }

    private void ask() {
        Instant now = clock.instant();
        notBefore = now.plus(PAUSE_AFTER_TROUBLE);
        try {
            String document = origin.fetch();
            snapshot = new Snapshot(now, KeySet.read(document));
            notBefore = now.plus(options.pause());
            keep(now, document);
        } catch (IOException | IllegalArgumentException failed) {
            trouble = String.valueOf(failed.getMessage());
            LoaderLog.get()
                    .log(Level.WARNING, "the keys of {0} cannot be had: {1}", issuer, trouble);
        } catch (InterruptedException cancelled) {
            trouble = "the request was interrupted";
            notBefore = now;
            Thread.currentThread().interrupt();
        }
    }

    private void keep(Instant now, String document) {
        if (kept.isPresent()) {
            try {
                kept.get().keep(now, document);
            } catch (IOException unwritable) {
                LoaderLog.get()
                        .log(
                                Level.WARNING,
                                "the keys of {0} cannot be kept for when it is away: {1}",
                                issuer,
                                unwritable);
            }
        }
    }
}
