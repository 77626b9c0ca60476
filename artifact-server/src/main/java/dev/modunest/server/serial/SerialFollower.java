package dev.modunest.server.serial;

import dev.modunest.db.DatabaseException;
import dev.modunest.db.LogPosition;
import dev.modunest.db.OutboxEvent;
import dev.modunest.db.OutboxListener;
import dev.modunest.db.OutboxListener.Signal;
import dev.modunest.server.periodic.Job;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads every event of the outbox into the {@link SerialLog}, in order, and keeps the lease while
 * it can prove that none is missing: each look begins with the newest serial number and has to
 * reach it without a gap. A lost connection is made again, and events of the meantime are read like
 * any other; where they cannot be, everything begins anew.
 */
public final class SerialFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SerialFollower.class);
    private static final int BATCH = 500;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final SerialConfig config;
    private final Supplier<OutboxListener> connect;
    private final Consumer<LogPosition> raiseBar;
    private final SerialLog log;
    private final CacheLease lease;
    private final Map<Signal, Runnable> signals;
    private final Job job;
    private final Thread thread;

    private volatile boolean closing;
    private boolean lost;

    /**
     * Begins to follow.
     *
     * @param raiseBar hears of a position behind every event before the event is applied, so that
     *     replicas that have not come so far are not read
     * @param signals what is run at each, and at every new connection: what was told while nobody
     *     listened is not known
     * @param job hears of every complete look
     */
    public SerialFollower(
            SerialConfig config,
            Supplier<OutboxListener> connect,
            Consumer<LogPosition> raiseBar,
            SerialLog log,
            CacheLease lease,
            Map<Signal, Runnable> signals,
            Job job) {
        this.config = config;
        this.connect = connect;
        this.raiseBar = raiseBar;
        this.log = log;
        this.lease = lease;
        this.signals = Map.copyOf(signals);
        this.job = job;
        this.thread = Thread.ofVirtual().name("serial-follower").start(this::run);
    }

    private void run() {
        Duration pause = FIRST_PAUSE;
        while (!closing) {
            try (OutboxListener listener = connect()) {
                begin(listener);
                pause = FIRST_PAUSE;
                while (!closing) {
                    tell(listener.await(config.check()));
                    catchUp(listener);
                }
            } catch (Throwable failed) {
                lost(failed);
                pause(pause);
                pause = shorter(pause.multipliedBy(2), config.check());
            }
        }
        lease.end();
    }

    private void tell(Set<Signal> heard) {
        heard.forEach(signal -> signals.getOrDefault(signal, () -> {}).run());
    }

    private OutboxListener connect() {
        try {
            return connect.get();
        } catch (DatabaseException failed) {
            lease.unreachable();
            throw failed;
        }
    }

    private void begin(OutboxListener listener) {
        tell(signals.keySet());
        if (log.generation() == 0 || !remembersLast(listener)) {
            restart(listener);
        }
        catchUp(listener);
        if (lost) {
            lost = false;
            LOG.info("the outbox is followed again, up to serial {}", log.applied());
        }
    }

    /** A database that went back in time may have given a serial number a second time. */
    private boolean remembersLast(OutboxListener listener) {
        Optional<OutboxEvent> last = log.last();
        List<OutboxEvent> there = look(listener, log.applied() - 1, 1).events();
        return last.isEmpty()
                || there.isEmpty()
                || there.getFirst().serial() != log.applied()
                || there.getFirst().equals(last.get());
    }

    private void restart(OutboxListener listener) {
        long newest = look(listener, Long.MAX_VALUE, 1).serial();
        log.restart(newest, look(listener, newest - config.kept(), config.kept()).events());
    }

    private void catchUp(OutboxListener listener) {
        boolean more = true;
        while (more && !closing) {
            long begun = lease.now();
            OutboxListener.Batch batch = look(listener, log.applied(), BATCH);
            if (!continues(batch)) {
                LOG.warn(
                        "the outbox does not continue from serial {} to {}; all caches begin anew",
                        log.applied(),
                        batch.serial());
                restart(listener);
                continue;
            }
            log.append(batch.events());
            more = batch.events().size() == BATCH;
            if (!more) {
                lease.renew(begun);
                job.succeeded();
            }
        }
    }

    private OutboxListener.Batch look(OutboxListener listener, long after, int limit) {
        OutboxListener.Batch batch = listener.after(after, limit);
        raiseBar.accept(batch.position());
        return batch;
    }

    private boolean continues(OutboxListener.Batch batch) {
        long expected = log.applied();
        for (OutboxEvent event : batch.events()) {
            if (event.serial() != ++expected) {
                return false;
            }
        }
        boolean reached = batch.serial() >= log.applied() && batch.serial() <= expected;
        return reached || batch.events().size() == BATCH;
    }

    private void lost(Throwable failed) {
        lease.end();
        if (!lost && !closing) {
            lost = true;
            LOG.warn("the outbox is not followed and caches are not used until it is", failed);
        }
    }

    private void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException stopping) {
            LOG.trace("stopping", stopping);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void close() {
        closing = true;
        log.close();
        thread.interrupt();
        try {
            boolean _ = thread.join(STOP);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }
}
