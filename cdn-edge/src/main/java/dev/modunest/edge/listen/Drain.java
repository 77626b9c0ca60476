package dev.modunest.edge.listen;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/**
 * The end of listening: readiness goes down, after {@code drain_delay} no connections are taken any
 * more, and those that are open end with their responses, at the latest after {@code
 * drain_timeout}.
 */
final class Drain {

    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    /** Connections whose handshake was under way when they were turned away are still taken. */
    private static final long LAST_CALL_MILLIS = 500;

    private static final long LOOK_MILLIS = 50;

    private final Vertx vertx;
    private final Front front;
    private final ConnectionGate gate;

    Drain(Vertx vertx, Front front, ConnectionGate gate) {
        this.vertx = vertx;
        this.front = front;
        this.gate = gate;
    }

    /** Completes when no connection is left, or the time is over. */
    Future<Void> run() {
        ListenSettings settings = front.settings();
        LOG.info("draining {} connections", gate.open());
        front.leave();
        return after(settings.drainDelay().toMillis())
                .compose(_ -> turnAway(settings))
                .compose(_ -> close(gate.listening()))
                .compose(_ -> emptied(settings.drainTimeout().toMillis()));
    }

    private Future<Void> turnAway(ListenSettings settings) {
        front.drain();
        if (!settings.reusePort()) {
            return Future.succeededFuture();
        }
        for (Channel listening : gate.listening()) {
            listening
                    .eventLoop()
                    .execute(
                            () -> {
                                if (!ReusePort.turnAway(listening)) {
                                    LOG.warn("connections cannot be turned away from a socket");
                                }
                            });
        }
        return after(LAST_CALL_MILLIS);
    }

    private static Future<Void> close(List<Channel> listening) {
        return Future.join(
                        listening.stream()
                                .map(
                                        channel -> {
                                            Promise<Void> closed = Promise.promise();
                                            channel.close().addListener(_ -> closed.complete());
                                            return closed.future();
                                        })
                                .toList())
                .mapEmpty();
    }

    private Future<Void> emptied(long timeout) {
        if (gate.open() == 0) {
            LOG.info("drained");
            return Future.succeededFuture();
        }
        if (timeout <= 0) {
            LOG.warn("{} connections are cut off after listen.drain_timeout", gate.open());
            return Future.succeededFuture();
        }
        return after(LOOK_MILLIS).compose(_ -> emptied(timeout - LOOK_MILLIS));
    }

    private Future<Void> after(long millis) {
        return millis == 0 ? Future.succeededFuture() : vertx.timer(millis).mapEmpty();
    }
}
