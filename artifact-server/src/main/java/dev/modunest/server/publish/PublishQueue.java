package dev.modunest.server.publish;

import dev.modunest.db.DatabaseException;
import dev.modunest.db.PublishRecord;
import dev.modunest.db.PublishState;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.artifact.StoreException;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.metrics.Metrics;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.telemetry.Tracing;

import io.helidon.http.Status;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The publishes that this server works on, each on a virtual thread that waits for its turn.
 * Thread-safe.
 */
final class PublishQueue {

    private static final Logger LOG = LoggerFactory.getLogger(PublishQueue.class);

    private final PublishConfig config;
    private final Receiver receiver;
    private final Finisher finisher;
    private final Metrics metrics;
    private final InstantSource clock;
    private final Map<UUID, PublishJob> detached = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    PublishQueue(
            PublishConfig config,
            Receiver receiver,
            Finisher finisher,
            Metrics metrics,
            InstantSource clock) {
        this.config = config;
        this.receiver = receiver;
        this.finisher = finisher;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Begins to work on {@code job}, whose permit and staging object it takes over. */
    void submit(PublishJob job) {
        job.permit().enqueue();
        Map<String, String> context =
                Optional.ofNullable(MDC.getCopyOfContextMap()).orElse(Map.of());
        threads.execute(
                Tracing.carrying(
                        () -> {
                            MDC.setContextMap(context);
                            run(job);
                        }));
    }

    /** Goes on with a publish of another server, under a lease that this one has taken. */
    void resume(PublishRecord publish, Admission.Permit permit) {
        PublishJob job = new PublishJob(PublishRequest.resumed(publish), publish, null, permit);
        detached.put(job.id(), job);
        submit(job);
    }

    private void run(PublishJob job) {
        boolean over = false;
        try (Admission.Permit permit = job.permit()) {
            awaitTurn(permit);
            over = finish(job);
        } catch (InterruptedException stopping) {
            over = job.decide(() -> stopped(job, stopping));
        } finally {
            detached.remove(job.id());
            if (over) {
                receiver.remove(job.object());
            }
            job.tell();
        }
    }

    private void awaitTurn(Admission.Permit permit) throws InterruptedException {
        long begun = System.nanoTime();
        permit.awaitTurn();
        metrics.stageEnded("queue", System.nanoTime() - begun);
    }

    private static boolean stopped(PublishJob job, InterruptedException stopping) {
        job.fail(new StoreException("the server stops", stopping));
        return !job.isDetached();
    }

    /** False when the publish goes on later, so that its bytes have to stay. */
    private boolean finish(PublishJob job) {
        try {
            Staged staged = job.staged().orElseGet(() -> receiveAgain(job));
            Answer answer = finisher.finish(job, staged);
            if (answer.status() == Status.CREATED_201.code() && !answer.isReplay()) {
                metrics.published(staged.size());
            }
            return true;
        } catch (Rejection refused) {
            return refuse(job, refused);
        } catch (RuntimeException failed) {
            return failed(job, failed);
        }
    }

    private Staged receiveAgain(PublishJob job) {
        job.enter(PublishState.INSPECTING);
        return receiver.receiveAgain(job.object());
    }

    private boolean refuse(PublishJob job, Rejection refused) {
        try {
            finisher.refuse(job, refused);
            if (job.decide(job::isDetached)) {
                metrics.publishRefused(refused.code().code());
            }
            return true;
        } catch (DatabaseException failed) {
            return failed(job, failed);
        }
    }

    private boolean failed(PublishJob job, RuntimeException failed) {
        return job.decide(
                () -> {
                    job.fail(failed);
                    if (!job.isDetached()) {
                        return true;
                    }
                    boolean tooOld =
                            job.begun()
                                    .createdAt()
                                    .isBefore(clock.instant().minus(config.giveUp()));
                    metrics.publishRefused("failed");
                    LOG.error(
                            "the publish {} {}",
                            job.id(),
                            tooOld ? "is given up" : "is tried again when its lease has ended",
                            failed);
                    return tooOld && giveUp(job);
                });
    }

    private boolean giveUp(PublishJob job) {
        finisher.refuse(
                job,
                new Rejection(
                        ProblemCode.PUBLISH_EXPIRED,
                        "The publish could not be finished within "
                                + config.giveUp().toHours()
                                + " hours because the registry failed; publish again"));
        return true;
    }

    /**
     * Lets the request of {@code job} go: from here on the publish has a row. The answer is 202, or
     * the end itself when that came first.
     */
    Answer detach(PublishJob job) throws InterruptedException {
        Optional<Answer> accepted =
                job.decide(
                        () ->
                                job.isOver()
                                        ? Optional.empty()
                                        : Optional.of(finisher.accept(job, config.lease())));
        if (accepted.isEmpty()) {
            return job.await();
        }
        job.decide(() -> job.isDetached() && !job.isOver() ? detached.put(job.id(), job) : null);
        return accepted.get();
    }

    /** What this server knows of a publish that it works on. */
    Optional<PublishRecord> find(UUID id) {
        return Optional.ofNullable(detached.get(id)).map(job -> job.snapshot(clock));
    }

    Optional<PublishJob> job(UUID id) {
        return Optional.ofNullable(detached.get(id));
    }

    List<PublishRecord> working() {
        return detached.values().stream().map(job -> job.snapshot(clock)).toList();
    }

    int size() {
        return detached.size();
    }

    /** Ends the work; the answer is what is not over, for another server to take up. */
    List<UUID> stop() {
        List<UUID> left = List.copyOf(detached.keySet());
        threads.shutdownNow();
        threads.close();
        return left;
    }
}
