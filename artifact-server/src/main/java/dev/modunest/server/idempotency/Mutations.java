package dev.modunest.server.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.db.Database;
import dev.modunest.db.StoredAnswer;
import dev.modunest.db.Transaction;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs mutations so that one key has one effect: the first successful answer is kept in the
 * transaction of its effect, and every retry gets it again. A refusal is not kept. Thread-safe.
 */
public final class Mutations {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    private final Database database;
    private final IdempotencyConfig config;
    private final InstantSource clock;

    public Mutations(Database database, IdempotencyConfig config, InstantSource clock) {
        this.database = database;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Runs {@code effect} in one transaction, or answers as the first request with the key was
     * answered; waits for one that is under way. What {@code effect} throws rolls back, the key
     * included.
     */
    public Answer run(Mutation mutation, Function<Transaction, Answer> effect) {
        return database.inTransaction(
                tx ->
                        mutation.key()
                                .map(key -> once(tx, mutation, key, effect))
                                .orElseGet(() -> effect.apply(tx)));
    }

    private Answer once(
            Transaction tx, Mutation mutation, String key, Function<Transaction, Answer> effect) {
        Instant now = clock.instant();
        long account = mutation.account().id();
        Optional<StoredAnswer> first =
                tx.idempotency().claim(account, key, mutation.fingerprint(), now, expired(now));
        if (first.isPresent()) {
            return again(mutation, first.get());
        }
        Answer answer = effect.apply(tx);
        tx.idempotency()
                .complete(
                        account,
                        key,
                        new StoredAnswer(
                                mutation.fingerprint(),
                                answer.status(),
                                write(answer.headers()),
                                answer.json()));
        return answer;
    }

    /** The answer that a retry gets, before anything is done for it; empty for a first request. */
    public Optional<Answer> replay(Mutation mutation) {
        return mutation.key()
                .flatMap(
                        key ->
                                database.read(
                                        tx ->
                                                tx.idempotency()
                                                        .find(
                                                                mutation.account().id(),
                                                                key,
                                                                expired(clock.instant()))))
                .map(first -> again(mutation, first));
    }

    private Instant expired(Instant now) {
        return now.minus(config.keep());
    }

    private static Answer again(Mutation mutation, StoredAnswer first) {
        if (!first.fingerprint().equals(mutation.fingerprint())) {
            throw new Rejection(
                    ProblemCode.IDEMPOTENCY_KEY_REUSED,
                    "The Idempotency-Key "
                            + mutation.key().orElse("")
                            + " belongs to another request: its method, path or body differ; make a new key for each change, and keep it for retries of that change only");
        }
        return new Answer(first.status(), read(first.headersJson()), first.body())
                .with(Answer.REPLAYED, "true");
    }

    private static String write(Map<String, String> headers) {
        try {
            return JSON.writeValueAsString(headers);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<String, String> read(String headersJson) {
        try {
            return JSON.readValue(headersJson, HEADERS);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException("a kept answer cannot be read", corrupt);
        }
    }
}
