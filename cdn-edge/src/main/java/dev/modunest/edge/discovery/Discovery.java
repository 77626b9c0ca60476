package dev.modunest.edge.discovery;

import dev.modunest.edge.origin.Origin;
import dev.modunest.edge.origin.OriginAddress;

import io.vertx.core.Vertx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks for the servers of the origin again and again, on a thread for each directory. A directory
 * that fails, or knows of none, changes nothing: the servers known last are still asked.
 */
public final class Discovery implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    private final Origin origin;
    private final Duration interval;
    private final List<Lookup> lookups;
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Discovery(Origin origin, Duration interval, List<Lookup> lookups) {
        this.origin = origin;
        this.interval = interval;
        this.lookups = lookups;
        for (Lookup lookup : lookups) {
            threads.add(
                    Thread.ofVirtual()
                            .name("edge-discovery-" + lookup.source())
                            .start(() -> run(lookup)));
        }
    }

    /**
     * Begins to look in the directories of {@code settings}.
     *
     * @throws UncheckedIOException when the service account of Kubernetes cannot be read
     */
    public static Discovery start(Vertx vertx, DiscoverySettings settings, Origin origin) {
        List<Lookup> lookups = new ArrayList<>();
        settings.dns()
                .srv()
                .ifPresent(
                        name ->
                                lookups.add(
                                        new SrvLookup(
                                                vertx,
                                                name,
                                                settings.dns(),
                                                settings.scheme(),
                                                settings.timeout())));
        settings.kubernetes()
                .service()
                .ifPresent(service -> lookups.add(kubernetes(service, settings)));
        return new Discovery(origin, settings.interval(), lookups);
    }

    private static Lookup kubernetes(String service, DiscoverySettings settings) {
        try {
            return new KubernetesLookup(
                    service, settings.kubernetes(), settings.scheme(), settings.timeout());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "discovery.kubernetes.account "
                            + settings.kubernetes().account()
                            + " cannot be used",
                    unreadable);
        }
    }

    private void run(Lookup lookup) {
        try {
            do {
                look(lookup);
            } while (!stopped.await(interval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Lookup lookup) throws InterruptedException {
        try {
            List<OriginAddress> found = lookup.find();
            if (found.isEmpty()) {
                LOG.warn("{} knows no origin server: those known last are kept", lookup.source());
            } else {
                origin.replace(lookup.source(), found);
            }
        } catch (IOException failed) {
            LOG.warn(
                    "{} tells no origin servers, those known last are kept: {}",
                    lookup.source(),
                    failed.toString());
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException impatient) {
                Thread.currentThread().interrupt();
            }
        }
        lookups.forEach(Lookup::close);
    }
}
