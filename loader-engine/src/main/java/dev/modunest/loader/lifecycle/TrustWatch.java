package dev.modunest.loader.lifecycle;

import dev.modunest.format.Coordinate;
import dev.modunest.loader.LoaderException;
import dev.modunest.loader.TrustOptions;
import dev.modunest.loader.TrustWarning;
import dev.modunest.loader.trust.ReleaseTrust;
import dev.modunest.loader.trust.Trust;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at the registry again and again while plugins run, on a thread of its own. Thread-safe. */
final class TrustWatch implements AutoCloseable {

    private final TrustOptions options;
    private final Trust trust;
    private final Stopper stopper;
    private final LoadTurn turn;
    private final RunningPlugins running;
    private final Set<Coordinate> told = new HashSet<>(); // of the watching thread
    private @Nullable Thread watching;
    private volatile Optional<URI> registry = Optional.empty();
    private volatile boolean closed;

    /** Stops a plugin with what requires it. */
    @FunctionalInterface
    interface Stopper {
        /** What was stopped, in that order. */
        List<Coordinate> stop(Coordinate plugin);
    }

    TrustWatch(
            TrustOptions options,
            Trust trust,
            LoadTurn turn,
            RunningPlugins running,
            Stopper stopper) {
        this.options = options;
        this.stopper = stopper;
        this.trust = trust;
        this.turn = turn;
        this.running = running;
    }

    /** Begins to watch over what runs, by {@code source} from now on. */
    synchronized void over(Optional<URI> source) {
        registry = source;
        boolean wanted = trust.isVerifying() && options.watch().refresh().isPositive();
        if (wanted && watching == null) {
            watching = Thread.ofVirtual().name("modunest-trust").start(this::watch);
        }
    }

    private void watch() {
        try {
            while (!closed) {
                Thread.sleep(options.watch().refresh());
                look();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        try {
            ReleaseTrust known = trust.refresh(registry);
            for (RunningPlugin plugin : running.list()) {
                Optional<TrustWarning> why = known.takenDown(plugin.coordinate(), plugin.digest());
                if (why.isPresent() && told.add(plugin.coordinate())) {
                    react(plugin.coordinate(), why.get());
                }
            }
        } catch (LoaderException failed) {
            TrustWarning why = new TrustWarning(failed.code(), String.valueOf(failed.getMessage()));
            trust.tell(listener -> listener.refreshFailed(why));
        } catch (RuntimeException failed) {
            // Whatever it is, the next look is not left out for it.
            if (!closed) {
                TrustWarning why = new TrustWarning("trust-state-unusable", failed.toString());
                trust.tell(listener -> listener.refreshFailed(why));
            }
        }
    }

    private void react(Coordinate plugin, TrustWarning why) throws InterruptedException {
        List<Coordinate> stopped =
                switch (options.watch().onRevoked()) {
                    case REPORT -> List.of();
                    case STOP -> turn.take(() -> stopper.stop(plugin));
                };
        trust.tell(listener -> listener.revoked(plugin, why, stopped));
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (watching != null) {
            watching.interrupt();
        }
    }
}
