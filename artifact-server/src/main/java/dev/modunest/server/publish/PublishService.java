package dev.modunest.server.publish;

import dev.modunest.db.PublishRecord;
import dev.modunest.db.PublishState;
import dev.modunest.server.admission.Admission;
import dev.modunest.server.admission.Party;
import dev.modunest.server.artifact.StoredObject;
import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.idempotency.Answer;
import dev.modunest.server.idempotency.Mutations;
import dev.modunest.server.problem.RequestId;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Takes a publish from the first byte to its answer. A place for its end is reserved before its
 * body is read, so that what was uploaded is not turned away; the body is received and inspected
 * under one permit, and made live under another. Thread-safe.
 */
final class PublishService {

    private final PublishRules rules;
    private final Turns turns;
    private final Mutations mutations;
    private final Receiver receiver;
    private final PublishQueue queue;
    private final InstantSource clock;

    /** Who may send a body, and whose publish is made live. */
    record Turns(Admission receiving, Admission finishing) {}

    PublishService(
            PublishRules rules,
            Turns turns,
            Mutations mutations,
            Receiver receiver,
            PublishQueue queue,
            InstantSource clock) {
        this.rules = rules;
        this.turns = turns;
        this.mutations = mutations;
        this.receiver = receiver;
        this.queue = queue;
        this.clock = clock;
    }

    /**
     * Publishes. The answer is that of the end when it comes within {@code wait} of the last byte,
     * else 202. Throws a Rejection when it can be told without the body, or in time, that the
     * publish is refused.
     */
    Answer publish(PublishRequest request, Supplier<BodyStream> body, Duration wait) {
        Admission.Permit place = turns.finishing().reserve(Party.of(request.account()));
        PublishJob job;
        try (Admission.Permit turn = turns.receiving().reserve(Party.of(request.account()))) {
            // First the turn: what asks Postgres before it would delay other publishers.
            turn.await();
            Optional<Answer> first = mutations.replay(request.mutation());
            if (first.isPresent()) {
                place.close();
                return first.get();
            }
            rules.checkBeforeBody(request);
            job = receive(request, body, place);
        } catch (RuntimeException failed) {
            place.close();
            throw failed;
        }
        queue.submit(job);
        try {
            Optional<Answer> end = job.await(wait);
            return end.isPresent() ? end.get() : queue.detach(job);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the server stops", stopping);
        }
    }

    private PublishJob receive(
            PublishRequest request, Supplier<BodyStream> body, Admission.Permit place) {
        StoredObject.Staging object = StoredObject.Staging.create();
        Staged staged = receiver.receive(object, body.get());
        PublishRecord begun =
                PublishRecord.begun(
                                object.id(),
                                request.account(),
                                request.coordinate(),
                                PublishState.QUEUED,
                                staged.digest(),
                                staged.size(),
                                clock.instant().truncatedTo(ChronoUnit.MILLIS))
                        .ofRequest(Optional.of(RequestId.current()))
                        .signedBy(request.bundles());
        return new PublishJob(request, begun, staged, place);
    }
}
